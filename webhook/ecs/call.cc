// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/model/printable.h"
#include "verifier/json/members.h"
#include "webhook/ecs/caller.h"
#include "webhook/ecs/event.h"
#include "webhook/ecs/event_names.h"
#include "webhook/ecs/names.h"

namespace tegata::webhook::ecs {
namespace {

using nlohmann::json;
using verifier::member;
using Definition = std::optional<TaskDefinitionName>;

Error malformed(std::string message) { return {ErrorCode::Malformed, std::move(message)}; }

/// A call of ECS, as CloudTrail records it.
struct Call {
  std::string event_name;
  CallKind kind = CallKind::Unknown;
  EcsCaller caller;
  std::string event_id;
  bool failed = false;
  const json* request = nullptr;   ///< null: absent, null, or dropped by CloudTrail as too large
  const json* response = nullptr;  ///< likewise
};

/// The parameters or the response; CloudTrail puts `{"omitted": "true", …}` in place of large ones.
Result<const json*> part_of(const json& record, std::string_view key) {
  const auto* part = member(record, key);
  if (part == nullptr) return part;
  if (!part->is_object()) return malformed(std::string(key) + " must be an object");
  return member(*part, "omitted") != nullptr ? nullptr : part;
}

Result<Call> call_of(const json& record) {
  Call call;
  TEGATA_TRY(const auto source, name_member(record, "eventSource"));
  if (source != "ecs.amazonaws.com") return malformed("eventSource must be ecs.amazonaws.com");
  TEGATA_TRY(call.event_name, name_member(record, "eventName"));
  if (call.event_name.empty()) return malformed("eventName is absent or empty");
  call.kind = call_kind(call.event_name);
  TEGATA_TRY(call.event_id, name_member(record, "eventID"));
  TEGATA_TRY(const auto error, verifier::string_member(record, "errorCode"));
  call.failed = error.has_value();
  TEGATA_TRY(call.caller, read_caller(record));
  TEGATA_TRY(call.request, part_of(record, "requestParameters"));
  TEGATA_TRY(call.response, part_of(record, "responseElements"));
  return call;
}

/// The names that the caller gave, checked even where the response says better.
Status check_request(const Call& call) {
  if (call.request == nullptr) return done();
  for (const std::string_view key : {"cluster", "service", "serviceName", "family", "group", "startedBy"})
    if (const auto name = name_member(*call.request, key); !name.ok()) return name.error();
  return done();
}

Result<Definition> definition_in(const json* object, std::string_view key) {
  if (object == nullptr) return Definition();
  TEGATA_TRY(const auto text, name_member(*object, key));
  if (text.empty()) return Definition();
  TEGATA_TRY(auto name, TaskDefinitionName::parse(text));
  return Definition(std::move(name));
}

const json* service_of(const Call& call) {
  return call.response == nullptr ? nullptr : member(*call.response, "service");
}

/// The tasks that the call started; null where the response does not say.
Result<const json*> tasks_of(const Call& call) {
  const auto* tasks = call.response == nullptr ? nullptr : member(*call.response, "tasks");
  if (tasks != nullptr && !tasks->is_array()) return malformed("responseElements.tasks must be a list");
  return tasks;
}

/// The one definition of all tasks that the call started.
Result<Definition> definition_of_tasks(const Call& call) {
  Definition all;
  TEGATA_TRY(const auto* tasks, tasks_of(call));
  if (tasks == nullptr) return all;
  for (const auto& task : *tasks) {
    if (!task.is_object()) return malformed("responseElements.tasks[] must be an object");
    TEGATA_TRY(auto one, definition_in(&task, "taskDefinitionArn"));
    if (!one) return malformed("a task of the response names no task definition");
    if (all && all->text() != one->text())
      return malformed("the tasks of one call have two task definitions");
    all = std::move(one);
  }
  return all;
}

bool contradicts(const TaskDefinitionName& asked, const TaskDefinitionName& got) {
  return asked.family != got.family || (asked.revision && got.revision && asked.revision != got.revision);
}

/// What runs now: the response says it, for a family alone is resolved by AWS; else the request.
Result<Definition> definition_of(const Call& call) {
  TEGATA_TRY(const auto asked, definition_in(call.request, "taskDefinition"));
  Definition got;
  if (call.kind == CallKind::RunTask) {
    TEGATA_TRY(got, definition_of_tasks(call));
  } else {
    TEGATA_TRY(got, definition_in(service_of(call), "taskDefinition"));
  }
  if (asked && got && contradicts(*asked, *got))
    return malformed("the response names " + got->text() + ", but the request " + asked->text());
  return got ? got : asked;
}

Result<std::string> cluster_of(const Call& call) {
  if (call.request != nullptr) {
    TEGATA_TRY(const auto named, name_member(*call.request, "cluster"));
    if (!named.empty()) return last_name(named);
  }
  const auto* holder = service_of(call);
  TEGATA_TRY(const auto* tasks, tasks_of(call));
  if (tasks != nullptr && !tasks->empty()) holder = &tasks->front();
  if (holder != nullptr) {
    TEGATA_TRY(const auto arn, name_member(*holder, "clusterArn"));
    if (!arn.empty()) return last_name(arn);
  }
  return std::string("default");
}

Result<std::string> service_name_of(const Call& call) {
  for (const std::string_view key : {"service", "serviceName"}) {
    if (call.request == nullptr) break;
    TEGATA_TRY(const auto name, name_member(*call.request, key));
    if (!name.empty()) return last_name(name);
  }
  const auto* service = service_of(call);
  if (service == nullptr) return std::string();
  return name_member(*service, "serviceName");
}

bool is_scale_only(const Call& call) {
  if (call.kind != CallKind::UpdateService || call.request == nullptr) return false;
  for (const auto& [key, value] : call.request->items()) {
    if (value.is_null()) continue;
    if (!only_scales(key) || (key == "forceNewDeployment" && value != false)) return false;
  }
  return true;
}

/// A service of an external controller has no task definition: its task sets have.
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
  // What was registered, where the response says it; else what was asked for.
  const auto* document =
      call.response != nullptr && is_task_definition(*call.response) ? call.response : call.request;
  if (document == nullptr || !is_task_definition(*document)) {
    request.images_unknown = Error{ErrorCode::NotFound, "the event does not hold the task definition"};
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
    request.images_unknown =
        Error{ErrorCode::NotFound, "the event does not say which task definition runs, and AWS is not asked"};
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

/// Why the call starts nothing, if so; in the order of the fixtures' README.
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
  TEGATA_TRY(const auto call, call_of(record));
  TEGATA_CHECK(check_request(call));
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
