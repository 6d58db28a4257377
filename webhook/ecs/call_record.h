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

/// Who made the call, from a CloudTrail record (`detail` of the event): its `userIdentity` and
/// `sessionCredentialFromConsole`. A role is identified by the ARN of its sessionIssuer, which includes the
/// path. An identity without an ARN, or of an unknown type, is an Account without an ARN and matches nothing.
///
/// Malformed if userIdentity is not an object, or if a name in it has control characters.
[[nodiscard]] Result<EcsCaller> read_caller(const nlohmann::json& record);

/// A caller with this role, for a file that was not used in a call yet. Misconfigured if it is not the ARN of
/// an IAM role; for the ARN of an assumed role's session, the message has the ARN to give instead.
[[nodiscard]] Result<EcsCaller> caller_with_role(std::string_view arn);

/// The caller as text: the ARN or `account:ID`, followed by ` via SERVICE` if a service makes the call.
[[nodiscard]] std::string who_of(const EcsCaller& caller);

}  // namespace tegata::webhook::ecs
