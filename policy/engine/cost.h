// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/document/policy_set.h"
#include "policy/engine/judge.h"

namespace tegata::policy {

/// What a finding costs now, and what it would cost if every rule were at deny, without --dry-run.
struct Costs {
  Cost now;
  Cost would;
};

/// See docs/policy-reference.md. `rule` is null for ReferenceInvalid and TaskDefinitionUnknown, which
/// cost what the policy's own words say. A mirror Pod and --dry-run cap what it costs now, never what it
/// would cost.
///
/// RegistryAnswerMalformed ignores onUnknown. CheckTimedOut under CallerBudget::BelowMinimum ignores
/// onUnknown on both sides, so that a short timeout changes neither the decision nor what the record says of
/// it.
[[nodiscard]] Costs costs_of(FindingKind kind, Reason reason, const Policy& policy, const Rule* rule,
                             const DeploymentRequest& request, const JudgeOptions& options);

/// The caps alone, for findings without a policy.
[[nodiscard]] Cost capped(Cost cost, const DeploymentRequest& request, Mode mode);

}  // namespace tegata::policy
