// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/call_record.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "verifier/json/strict_json.h"
#include "webhook/ecs/names.h"

//
// Reads the place and the task definition from the request and the response of a call; the response takes
// precedence.

namespace tegata::webhook::ecs {
namespace {

constexpr std::array<std::string_view, 7> kLater = {"CreateTaskSet",
                                                    "UpdateServicePrimaryTaskSet",
                                                    "CreateExpressGatewayService",
                                                    "UpdateExpressGatewayService",
                                                    "CreateDaemon",
                                                    "UpdateDaemon",
                                                    "RegisterDaemonTaskDefinition"};

// The other ECS calls that write (botocore's service model of August 2026). A call that is not in a list is
// EventUnknown.
constexpr std::array<std::string_view, 32> kNoDeployment = {"ContinueServiceDeployment",
                                                            "CreateCapacityProvider",
                                                            "CreateCluster",
                                                            "DeleteAccountSetting",
                                                            "DeleteAttributes",
                                                            "DeleteCapacityProvider",
                                                            "DeleteCluster",
                                                            "DeleteDaemon",
                                                            "DeleteExpressGatewayService",
                                                            "DeleteService",
                                                            "DeleteTaskDefinitions",
                                                            "DeleteTaskSet",
                                                            "DeregisterContainerInstance",
                                                            "DeregisterTaskDefinition",
                                                            "PutAccountSetting",
                                                            "PutAccountSettingDefault",
                                                            "PutAttributes",
                                                            "PutClusterCapacityProviders",
                                                            "RegisterContainerInstance",
                                                            "StopServiceDeployment",
                                                            "StopTask",
                                                            "SubmitAttachmentStateChanges",
                                                            "SubmitContainerStateChange",
                                                            "SubmitTaskStateChange",
                                                            "TagResource",
                                                            "UntagResource",
                                                            "UpdateCapacityProvider",
                                                            "UpdateCluster",
                                                            "UpdateClusterSettings",
                                                            "UpdateContainerAgent",
                                                            "UpdateContainerInstancesState",
                                                            "UpdateTaskProtection"};

constexpr std::array<std::string_view, 18> kOnlyScales = {
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "cluster",
    "deploymentConfiguration",
    "deploymentController",
    "desiredCount",
    "dryrun",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "forceNewDeployment",  // only if it is false; is_scale_only() checks for true
    "healthCheckGracePeriodSeconds",
    "monitoring",
    "placementConstraints",
    "placementStrategy",
    "propagateTags",
    "schedulingStrategy",
    "service",
    "tags"};

template <typename List>
bool among(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

CallKind call_kind(std::string_view event_name) noexcept {
  if (event_name == "RunTask" || event_name == "StartTask") return CallKind::RunTask;
  if (event_name == "CreateService") return CallKind::CreateService;
  if (event_name == "UpdateService") return CallKind::UpdateService;
  if (event_name == "RegisterTaskDefinition") return CallKind::RegisterTaskDefinition;
  if (among(kLater, event_name)) return CallKind::LaterDeployment;
  if (among(kNoDeployment, event_name)) return CallKind::NoDeployment;
  return CallKind::Unknown;
}

bool only_scales(std::string_view parameter) noexcept { return among(kOnlyScales, parameter); }

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

/// Checks the names that the caller gave, even if the response has more exact ones.
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

namespace {

using Definition = std::optional<TaskDefinitionName>;

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

/// The one definition of all tasks that the call started.
Result<Definition> definition_of_tasks(const Call& call) {
  Definition all;
  TEGATA_TRY(const auto* tasks, tasks_of(call));
  if (tasks == nullptr) return all;
  for (const auto& task : *tasks) {
    if (!task.is_object()) return Error::malformed("responseElements.tasks[] must be an object");
    TEGATA_TRY(auto one, definition_in(&task, "taskDefinitionArn"));
    if (!one) return Error::malformed("a task of the response has no taskDefinitionArn");
    if (all && all->text() != one->text())
      return Error::malformed("the tasks of one call have two task definitions");
    all = std::move(one);
  }
  return all;
}

bool contradicts(const TaskDefinitionName& asked, const TaskDefinitionName& got) {
  return asked.family != got.family || (asked.revision && got.revision && asked.revision != got.revision);
}

}  // namespace

Result<const json*> tasks_of(const Call& call) {
  const auto* tasks = call.response == nullptr ? nullptr : member(*call.response, "tasks");
  if (tasks != nullptr && !tasks->is_array())
    return Error::malformed("responseElements.tasks must be a list");
  return tasks;
}

Result<Definition> definition_of(const Call& call) {
  TEGATA_TRY(const auto asked, definition_in(call.request, "taskDefinition"));
  Definition got;
  if (call.kind == CallKind::RunTask) {
    TEGATA_TRY(got, definition_of_tasks(call));
  } else {
    TEGATA_TRY(got, definition_in(service_of(call), "taskDefinition"));
  }
  if (asked && got && contradicts(*asked, *got))
    return Error::malformed("the response names " + got->text() + ", but the request " + asked->text());
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

}  // namespace tegata::webhook::ecs
