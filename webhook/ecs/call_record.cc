// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/call_record.h"

#include <nlohmann/json.hpp>

#include "verifier/json/members.h"
#include "webhook/ecs/caller.h"
#include "webhook/ecs/names.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;

/// The parameters or the response; CloudTrail puts `{"omitted": "true", …}` in place of large ones.
Result<const json*> part_of(const json& record, std::string_view key) {
  const auto* part = member(record, key);
  if (part == nullptr) return part;
  if (!part->is_object()) return Error::malformed(std::string(key) + " must be an object");
  return member(*part, "omitted") != nullptr ? nullptr : part;
}

/// The names that the caller gave, checked even where the response says better.
Status check_request(const Call& call) {
  if (call.request == nullptr) return done();
  for (const std::string_view key : {"cluster", "service", "serviceName", "family", "group", "startedBy"})
    if (const auto name = name_member(*call.request, key); !name.ok()) return name.error();
  return done();
}

}  // namespace

Result<Call> read_record(const json& record) {
  Call call;
  TEGATA_TRY(const auto source, name_member(record, "eventSource"));
  if (source != "ecs.amazonaws.com") return Error::malformed("eventSource must be ecs.amazonaws.com");
  TEGATA_TRY(call.event_name, name_member(record, "eventName"));
  if (call.event_name.empty()) return Error::malformed("eventName is absent or empty");
  call.kind = call_kind(call.event_name);
  TEGATA_TRY(call.event_id, name_member(record, "eventID"));
  TEGATA_TRY(const auto error, verifier::string_member(record, "errorCode"));
  call.failed = error.has_value();
  TEGATA_TRY(call.caller, read_caller(record));
  TEGATA_TRY(call.request, part_of(record, "requestParameters"));
  TEGATA_TRY(call.response, part_of(record, "responseElements"));
  TEGATA_CHECK(check_request(call));
  return call;
}

}  // namespace tegata::webhook::ecs
