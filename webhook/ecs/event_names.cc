// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/event_names.h"

#include <algorithm>
#include <array>

namespace tegata::webhook::ecs {
namespace {

constexpr std::array<std::string_view, 7> kLater = {"CreateTaskSet",
                                                    "UpdateServicePrimaryTaskSet",
                                                    "CreateExpressGatewayService",
                                                    "UpdateExpressGatewayService",
                                                    "CreateDaemon",
                                                    "UpdateDaemon",
                                                    "RegisterDaemonTaskDefinition"};

// The other calls of ECS that write (botocore's model of August 2026, as far as reference/aws.md has
// it). A call that is in no list is EventUnknown, never one of these.
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
    "forceNewDeployment",  // where it is false; true is looked at by itself
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

}  // namespace tegata::webhook::ecs
