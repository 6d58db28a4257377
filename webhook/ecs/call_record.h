// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"
#include "webhook/ecs/names.h"

namespace tegata::webhook::ecs {

/// How Tegata handles an ECS call, by its name.
enum class CallKind {
  RunTask,  ///< RunTask, StartTask
  CreateService,
  UpdateService,
  RegisterTaskDefinition,
  LaterDeployment,  ///< starts something, in a way that this version does not read yet
  NoDeployment,     ///< known, and starts nothing
  Unknown,
};
[[nodiscard]] CallKind call_kind(std::string_view event_name) noexcept;

/// Whether a parameter of UpdateService leaves the running tasks unchanged. False for unknown parameters.
[[nodiscard]] bool only_scales(std::string_view parameter) noexcept;

/// A call of ECS, as CloudTrail records it.
struct Call {
  std::string event_name;
  CallKind kind = CallKind::Unknown;
  EcsCaller caller;
  std::string event_id;
  bool failed = false;
  const nlohmann::json* request = nullptr;   ///< null: absent, null, or dropped by CloudTrail as too large
  const nlohmann::json* response = nullptr;  ///< null: as for `request`
};

/// Reads the record (`detail` of an event). Malformed if a type is wrong, or if a name that
/// the caller gave has control characters, even if the response has a more exact one. Points into `record`.
[[nodiscard]] Result<Call> read_record(const nlohmann::json& record);

/// The task definition that runs now: that of the response, because AWS resolves a family without a revision;
/// otherwise that of the request; otherwise none. Malformed if the two contradict each other.
[[nodiscard]] Result<std::optional<TaskDefinitionName>> definition_of(const Call& call);
/// The tasks that the call started; null if the response does not list them.
[[nodiscard]] Result<const nlohmann::json*> tasks_of(const Call& call);
/// The cluster's name: from the request, otherwise from the response, otherwise `default`.
[[nodiscard]] Result<std::string> cluster_of(const Call& call);
/// The service's name; empty if neither request nor response contains it.
[[nodiscard]] Result<std::string> service_name_of(const Call& call);

}  // namespace tegata::webhook::ecs
