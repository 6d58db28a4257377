// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/document/policy_set.h"
#include "policy/engine/engine.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {

/// Sets decision, would_be, reasons and rules from the findings.
[[nodiscard]] Verdict conclude(Verdict verdict);

/// The verdict on a request that no policy matches.
[[nodiscard]] Verdict unmatched(const DeploymentRequest& request, const JudgeOptions& options);

/// What turns the result of a rule into a Finding with its costs and its message.
struct FindingContext {
  const Policy& policy;
  const Rule* rule;  ///< null: ReferenceInvalid, TaskDefinitionUnknown
  const DeploymentRequest& request;
  const JudgeOptions& options;
};

[[nodiscard]] Finding request_finding(RawFinding raw, const FindingContext& context);
[[nodiscard]] Finding image_finding(RawFinding raw, const ContainerImage& image, std::optional<Digest> digest,
                                    const FindingContext& context);
/// For an image whose reference cannot be read.
[[nodiscard]] Finding invalid_reference(const ContainerImage& image, const FindingContext& context);

/// A finding without a policy: NotCovered, AuditUnavailable, InternalError.
[[nodiscard]] Finding own_finding(RawFinding raw, Cost cost);

/// What a finding costs now, and what it would cost if every rule were at deny, without --dry-run.
struct Costs {
  Cost now;
  Cost would;
};

/// See docs/policy-reference.md. `rule` is null for ReferenceInvalid and TaskDefinitionUnknown, which
/// cost what the policy's own words say. A mirror Pod and --dry-run cap what it costs now, never what it
/// would cost.
///
/// RawFinding::never_softened ignores onUnknown. CheckTimedOut under CallerBudget::BelowMinimum ignores
/// onUnknown on both sides, so that a short timeout changes neither the decision nor what the record says of
/// it.
[[nodiscard]] Costs costs_of(const RawFinding& raw, const Policy& policy, const Rule* rule,
                             const DeploymentRequest& request, const JudgeOptions& options);

/// The caps alone, for findings without a policy.
[[nodiscard]] Cost capped(Cost cost, const DeploymentRequest& request, Mode mode);

}  // namespace tegata::policy
