// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/event.h"

#include <nlohmann/json.hpp>

#include "policy/model/printable.h"
#include "verifier/json/strict_json.h"
#include "webhook/ecs/names.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;

InvalidRequest not_trusted(std::string detail) { return {Reason::EventNotTrusted, std::move(detail)}; }

InvalidRequest later(std::string_view what) {
  return {Reason::EventMalformed, std::string(what) + " are not read in this version"};
}

struct Envelope {
  std::string detail_type;
  std::string source;
  std::string account;
  std::string region;
};

Result<Envelope> envelope_of(const json& event) {
  Envelope envelope;
  TEGATA_TRY(envelope.detail_type, name_member(event, "detail-type"));
  TEGATA_TRY(envelope.source, name_member(event, "source"));
  TEGATA_TRY(envelope.account, name_member(event, "account"));
  TEGATA_TRY(envelope.region, name_member(event, "region"));
  for (const std::string_view key : {"id", "time", "version"}) {
    TEGATA_TRY(const auto text, name_member(event, key));
    if (text.empty()) return Error::malformed(tegata::quoted(key) + " is absent or empty");
  }
  if (envelope.detail_type.empty() || envelope.source.empty() || envelope.account.empty() ||
      envelope.region.empty())
    return Error::malformed("detail-type, source, account or region is absent or empty");
  const auto* detail = member(event, "detail");
  if (detail == nullptr || !detail->is_object()) return Error::malformed("detail must be an object");
  return envelope;
}

Result<Reading> read_task_state(const json& detail) {
  TEGATA_TRY(const auto last, name_member(detail, "lastStatus"));
  TEGATA_TRY(const auto desired, name_member(detail, "desiredStatus"));
  if (last.empty() || desired.empty())
    return Error::malformed("lastStatus or desiredStatus is absent or empty");
  if (last == "STOPPED") return Reading(IgnoredRequest{Reason::TaskStopped, "the task has stopped"});
  return Reading(later("ECS task states"));
}

/// The meaning of the other events, by source and detail-type.
Result<Reading> read_other(const Envelope& envelope, const json& detail) {
  const auto& type = envelope.detail_type;
  if (envelope.source != "aws.ecs")
    return Reading(
        IgnoredRequest{Reason::NotADeployment, "events of " + envelope.source + " start nothing on ECS"});
  if (type == "ECS Task State Change") return read_task_state(detail);
  if (type == "ECS Deployment State Change" || type == "ECS Service Action")
    return Reading(IgnoredRequest{Reason::ProgressOnly, "an " + type + " reports progress"});
  if (type == "ECS Container Instance State Change")
    return Reading(IgnoredRequest{Reason::NotADeployment, "container instances only run tasks"});
  if (type == "ECS Hook State Change") return Reading(later("deployment hooks"));
  return Reading(
      IgnoredRequest{Reason::EventUnknown, "the detail-type " + tegata::quoted(type) + " is not known"});
}

/// Only AWS can send events whose source begins with `aws.`; any caller with events:PutEvents can send
/// others.
std::optional<InvalidRequest> distrusted(const Envelope& envelope) {
  if (envelope.source.starts_with("aws.")) return std::nullopt;
  return not_trusted("the source " + tegata::quoted(envelope.source) + " is not AWS");
}

bool is_api_call(const Envelope& envelope) {
  return envelope.source == "aws.ecs" && envelope.detail_type == "AWS API Call via CloudTrail";
}

Result<Reading> read(const json& event, const TaskDefinitions& definitions, const ValueHasher& hasher) {
  TEGATA_TRY(const auto envelope, envelope_of(event));
  const auto& detail = event.at("detail");
  if (!is_api_call(envelope)) {
    if (auto distrust = distrusted(envelope)) return Reading(*std::move(distrust));
    return read_other(envelope, detail);
  }
  TEGATA_TRY(const auto recipient, name_member(detail, "recipientAccountId"));
  // Malformed takes precedence over EventNotTrusted, whatever the account is.
  TEGATA_TRY(auto reading, read_call(detail, envelope.account, envelope.region, definitions, hasher));
  if (recipient.empty()) return Error::malformed("recipientAccountId is absent or empty");
  if (recipient != envelope.account)
    return Reading(not_trusted("the event is of account " + tegata::quoted(envelope.account) +
                               ", but its record is of account " + tegata::quoted(recipient)));
  return reading;
}

}  // namespace

Reading read_event(const json& event, const TaskDefinitions& definitions, const ValueHasher& hasher) {
  auto reading = read(event, definitions, hasher);
  if (!reading.ok()) return InvalidRequest{Reason::EventMalformed, reading.error().message};
  return *std::move(reading);
}

}  // namespace tegata::webhook::ecs
