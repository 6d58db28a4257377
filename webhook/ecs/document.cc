// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/json/strict_json.h"
#include "webhook/ecs/event.h"
#include "webhook/ecs/names.h"
#include "webhook/kubernetes/foreign_document.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;

/// The kind of a document, recognized by its keys.
enum class Entrance { TaskDefinition, Event, Batch, FunctionUrl, LaterHook, None };

bool has(const json& document, std::string_view key) {
  return document.is_object() && document.contains(std::string(key));
}

Entrance entrance_of(const json& document) {
  if (has(document, "detail-type")) return Entrance::Event;
  if (is_task_definition(document)) return Entrance::TaskDefinition;
  if (has(document, "Records")) return Entrance::Batch;
  if (has(document, "requestContext") && has(document, "rawPath")) return Entrance::FunctionUrl;
  constexpr std::array<std::string_view, 5> kHooks = {"lifecycleStage", "hookModel", "actionInvocationPoint",
                                                      "invokingEvent", "LifecycleEventHookExecutionId"};
  const bool hook =
      std::any_of(kHooks.begin(), kHooks.end(), [&](std::string_view key) { return has(document, key); });
  return hook ? Entrance::LaterHook : Entrance::None;
}

InvalidRequest invalid(std::string detail) { return {Reason::EventMalformed, std::move(detail)}; }

Reading read_task_definition(const json& document, const ValueHasher& hasher) {
  const auto definition = TaskDefinition::read(document, hasher);
  if (!definition.ok()) return invalid(definition.error().message);
  return definition->request();
}

Reading read_one(const json& document, const TaskDefinitions& definitions, const ValueHasher& hasher) {
  switch (entrance_of(document)) {
    case Entrance::TaskDefinition:
      return read_task_definition(document, hasher);
    case Entrance::Event:
      return read_event(document, definitions, hasher);
    case Entrance::FunctionUrl:
      return InvalidRequest{Reason::EventNotTrusted, "it came through a function URL, which anyone may call"};
    case Entrance::LaterHook:
      return invalid("calls of hooks and of Config rules are not read in this version");
    case Entrance::Batch:
      return invalid("a batch within a batch is not supported");
    case Entrance::None:
      break;
  }
  return invalid("the document is neither an event nor a task definition");
}

std::string text_of(const json& record, std::string_view key) {
  const auto* value = member(record, key);
  return value == nullptr || !value->is_string() ? std::string() : value->get<std::string>();
}

/// The source that a record names: `eventSource`, or `EventSource` as SNS spells it.
std::string source_of(const json& record) {
  for (const std::string_view key : {"eventSource", "EventSource"})
    if (const auto source = text_of(record, key); !source.empty())
      return ", and this one is from " + tegata::quoted(source);
  return "";
}

/// A CloudTrail record without an event around it, as in the files that CloudTrail writes to S3.
bool is_cloudtrail(const json& record) {
  return text_of(record, "eventSource").ends_with(".amazonaws.com") && has(record, "eventName") &&
         !has(record, "body");
}

Reading read_body(const json& record, const TaskDefinitions& definitions, const ValueHasher& hasher) {
  const auto* body = member(record, "body");
  if (body == nullptr || !body->is_string())
    return invalid("the record has no body: only batches from SQS are read" + source_of(record));
  const auto& text = body->get_ref<const std::string&>();
  if (text.size() > limits::kEventBody) return invalid("the body is larger than 1 MiB");
  const auto event = verifier::parse_strict_json(text);
  if (!event.ok()) return invalid(event.error().message);
  if (entrance_of(*event) != Entrance::Event) return invalid("the body is not an EventBridge event");
  return read_event(*event, definitions, hasher);
}

std::vector<EcsReading> read_batch(const json& records, const TaskDefinitions& definitions,
                                   const ValueHasher& hasher) {
  if (!records.is_array() || records.empty())
    return {{"", invalid("Records must be a list that is not empty")}};
  if (records.size() > limits::kEventRecords) return {{"", invalid("more records than a batch can have")}};
  if (is_cloudtrail(records.front())) return {{"", invalid(std::string(kubernetes::kCloudTrailFile))}};
  std::vector<EcsReading> readings;
  for (const auto& record : records) {
    const auto id = name_member(record, "messageId");
    if (!record.is_object() || !id.ok())
      readings.push_back({std::to_string(readings.size()), invalid("a record of the batch is malformed")});
    else
      readings.push_back({*id, read_body(record, definitions, hasher)});
  }
  return readings;
}

}  // namespace

std::optional<EcsDocument> EcsDocument::parse(std::string_view text) {
  auto document = verifier::parse_strict_json(text);
  if (!document.ok() || entrance_of(*document) == Entrance::None) return std::nullopt;
  return EcsDocument(std::make_shared<const json>(*std::move(document)), text.size());
}

bool EcsDocument::is_task_definition() const { return entrance_of(*document_) == Entrance::TaskDefinition; }

std::vector<EcsReading> EcsDocument::read(const TaskDefinitions& definitions,
                                          const ValueHasher& hasher) const {
  if (bytes_ > limits::kInputFile) return {{"", invalid("the document is larger than 16 MiB")}};
  const auto entrance = entrance_of(*document_);
  if (entrance == Entrance::Batch) return read_batch(document_->at("Records"), definitions, hasher);
  if (entrance == Entrance::Event && bytes_ > limits::kEventBody)
    return {{"", invalid("the event is larger than 1 MiB")}};
  return {{"", read_one(*document_, definitions, hasher)}};
}

}  // namespace tegata::webhook::ecs
