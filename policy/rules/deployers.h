// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/model/deployment_request.h"
#include "policy/rules/checks.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {

/// What a rule about the request has to say of it.
struct RequestJudgement {
  RawFindings findings;
  std::string not_evaluable;  ///< why the rule could not be asked, for a warning; empty: it was
};

/// Who deploys; nullopt where the rule says nothing about this platform. Judged where the request's question
/// is Judge.
///
/// Kubernetes: one service account, user or group that matches is enough. ECS: a listed role, or a
/// listed service with any role of the account in which the call acts, or a listed IAM user with an
/// access key. `manual: deny` refuses console sessions, root, and people from IAM Identity Center
/// whatever else matches. `manual: allow` takes that refusal away and lists no one.
[[nodiscard]] std::optional<RequestJudgement> judge(const DeployersCheck& check,
                                                    const DeploymentRequest& request);

}  // namespace tegata::policy
