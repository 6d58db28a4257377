// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "verifier/json/strict_json.h"
#include "webhook/ecs/call_record.h"
#include "webhook/ecs/event.h"
#include "webhook/ecs/names.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;
using Definition = std::optional<TaskDefinitionName>;

bool is_scale_only(const Call& call) {
  if (call.kind != CallKind::UpdateService || call.request == nullptr) return false;
  for (const auto& [key, value] : call.request->items()) {
    if (value.is_null()) continue;
    if (!only_scales(key) || (key == "forceNewDeployment" && value != false)) return false;
  }
  return true;
}

/// A service with an external deployment controller has no task definition: its task sets have one.
Result<bool> launches_nothing(const Call& call, const Definition& definition) {
  if (call.kind == CallKind::RunTask) {
    TEGATA_TRY(const auto* tasks, tasks_of(call));
    return tasks != nullptr && tasks->empty();
  }
  if (call.kind != CallKind::CreateService || definition || call.request == nullptr) return false;
  const auto* controller = member(*call.request, "deploymentController");
  if (controller == nullptr) return false;
  TEGATA_TRY(const auto type, name_member(*controller, "type"));
  return type == "EXTERNAL";
}

DeploymentRequest request_of(const Call& call, std::string_view account, std::string_view region) {
  DeploymentRequest request;
  request.platform = Platform::Ecs;
  request.account = account;
  request.region = region;
  request.operation = call.event_name;
  request.uid = call.event_id;
  request.deployer = {DeployerQuestion::Judge, call.caller, who_of(call.caller)};
  return request;
}

void take(DeploymentRequest& request, const TaskDefinition& definition) {
  request.images = definition.images;
  request.environment = definition.environment;
}

Result<DeploymentRequest> read_registration(const Call& call, DeploymentRequest request,
                                            const ValueHasher& hasher) {
  request.kind = "TaskDefinition";
  // The registered definition if the response contains it; otherwise the one in the request.
  const auto* document =
      call.response != nullptr && is_task_definition(*call.response) ? call.response : call.request;
  if (document == nullptr || !is_task_definition(*document)) {
    request.images_unknown = Error{ErrorCode::NotFound, "the event does not contain the task definition"};
    return request;
  }
  TEGATA_TRY(const auto definition, TaskDefinition::read(*document, hasher));
  request.name = definition.name.family;
  take(request, definition);
  return request;
}

Result<DeploymentRequest> read_launch(const Call& call, DeploymentRequest request, const Definition& name,
                                      const TaskDefinitions& definitions) {
  TEGATA_TRY(request.cluster, cluster_of(call));
  const bool task = call.kind == CallKind::RunTask;
  request.kind = task ? "Task" : "Service";
  if (task) {
    request.name = name ? name->family : "";
  } else {
    TEGATA_TRY(request.name, service_name_of(call));
  }
  if (!name) {
    request.images_unknown = Error{
        ErrorCode::NotFound, "the event does not say which task definition runs, and AWS is not queried"};
    return request;
  }
  const auto definition = definitions.find(*name, request.account, request.region);
  if (definition.ok())
    take(request, **definition);
  else
    request.images_unknown = definition.error();
  return request;
}

IgnoredRequest ignored(const Call& call, Reason reason, std::string detail) {
  return {reason, std::move(detail), who_of(call.caller)};
}

/// Why the call starts nothing, or empty if it starts something. The checks are in the order of the README of
/// the fixtures.
Result<std::optional<Reading>> starts_nothing(const Call& call, const Definition& definition) {
  using Nothing = std::optional<Reading>;
  if (call.kind == CallKind::Unknown)
    return Nothing(ignored(call, Reason::EventUnknown, "the call " + call.event_name + " is not known"));
  if (call.kind == CallKind::NoDeployment)
    return Nothing(ignored(call, Reason::NotADeployment, call.event_name + " starts nothing"));
  if (call.failed) return Nothing(ignored(call, Reason::CallFailed, "the call failed"));
  if (call.kind == CallKind::LaterDeployment)
    return Nothing(InvalidRequest{Reason::EventMalformed, call.event_name + " is not read in this version"});
  TEGATA_TRY(const bool nothing, launches_nothing(call, definition));
  if (nothing) return Nothing(ignored(call, Reason::NothingLaunched, "no task was started"));
  if (is_scale_only(call))
    return Nothing(ignored(call, Reason::ScaleOnly, "no parameter of the call starts a deployment"));
  return Nothing();
}

}  // namespace

Result<Reading> read_call(const json& record, std::string_view account, std::string_view region,
                          const TaskDefinitions& definitions, const ValueHasher& hasher) {
  TEGATA_TRY(const auto call, read_record(record));
  const bool registration = call.kind == CallKind::RegisterTaskDefinition;
  const bool launch = call.kind == CallKind::RunTask || call.kind == CallKind::CreateService ||
                      call.kind == CallKind::UpdateService;
  Definition definition;
  if (launch) {
    TEGATA_TRY(definition, definition_of(call));
  }
  TEGATA_TRY(auto nothing, starts_nothing(call, definition));
  if (nothing) return *std::move(nothing);
  auto request = request_of(call, account, region);
  if (registration) {
    TEGATA_TRY(auto read, read_registration(call, std::move(request), hasher));
    return Reading(std::move(read));
  }
  TEGATA_TRY(auto read, read_launch(call, std::move(request), definition, definitions));
  return Reading(std::move(read));
}

}  // namespace tegata::webhook::ecs
