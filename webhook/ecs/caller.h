// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"

namespace tegata::webhook::ecs {

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
