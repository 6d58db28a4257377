// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"

namespace tegata::webhook::ecs {

/// Who made the call, from a CloudTrail record (`detail` of the event): its `userIdentity` and
/// `sessionCredentialFromConsole`. A role is the ARN of its sessionIssuer, which has the path; an
/// identity that names no ARN, or one of a type that we do not know, is an Account without one and
/// matches nothing.
///
/// Malformed where userIdentity is no object, or a name in it has control characters.
[[nodiscard]] Result<EcsCaller> read_caller(const nlohmann::json& record);

/// A caller with this role, for a file that nobody has called with yet. Misconfigured where it is not
/// the ARN of an IAM role; for the ARN of an assumed role's session, with the ARN to give instead.
[[nodiscard]] Result<EcsCaller> caller_with_role(std::string_view arn);

/// The caller in words: the ARN, or `account:ID`, and ` via SERVICE` after it where a service acts.
[[nodiscard]] std::string who_of(const EcsCaller& caller);

}  // namespace tegata::webhook::ecs
