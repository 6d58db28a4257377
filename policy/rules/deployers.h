// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/model/deployment_request.h"
#include "policy/rules/checks.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {

/// Whether the check says anything about this request's platform at all.
[[nodiscard]] bool covers(const DeployersCheck& check, Platform platform);

/// Judges who deploys, where the request's question is Judge and the platform is covered.
/// Kubernetes: one service account, user or group that matches is enough. ECS: a listed role, or a
/// listed service with any role of the account in which the call acts, or a listed IAM user with an
/// access key. `manual: deny` refuses console sessions, root, and people from IAM Identity Center
/// whatever else matches. `manual: allow` takes that refusal away and lists nobody.
[[nodiscard]] std::optional<RawFinding> judge_deployer(const DeployersCheck& check,
                                                       const DeploymentRequest& request);

}  // namespace tegata::policy
