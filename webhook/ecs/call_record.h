// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"
#include "webhook/ecs/names.h"

namespace tegata::webhook::ecs {

/// What an ECS call is to us, by its name.
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

/// Whether a parameter of UpdateService leaves alone what runs. One that we do not know does not.
[[nodiscard]] bool only_scales(std::string_view parameter) noexcept;

/// A call of ECS, as CloudTrail records it.
struct Call {
  std::string event_name;
  CallKind kind = CallKind::Unknown;
  EcsCaller caller;
  std::string event_id;
  bool failed = false;
  const nlohmann::json* request = nullptr;   ///< null: absent, null, or dropped by CloudTrail as too large
  const nlohmann::json* response = nullptr;  ///< likewise
};

/// Reads the record (`detail` of an event). Malformed where a type is wrong, or a name that the
/// caller gave has control characters, also where the response says better. Points into `record`.
[[nodiscard]] Result<Call> read_record(const nlohmann::json& record);

/// The task definition that runs now: the response says it, for a family alone is resolved by AWS;
/// else what the request asks for; else none. Malformed where they contradict each other.
[[nodiscard]] Result<std::optional<TaskDefinitionName>> definition_of(const Call& call);
/// The tasks that the call started; null where the response does not say.
[[nodiscard]] Result<const nlohmann::json*> tasks_of(const Call& call);
/// The cluster's name: of the request, else of the response, else `default`.
[[nodiscard]] Result<std::string> cluster_of(const Call& call);
/// The service's name; empty where neither request nor response says it.
[[nodiscard]] Result<std::string> service_name_of(const Call& call);

}  // namespace tegata::webhook::ecs
