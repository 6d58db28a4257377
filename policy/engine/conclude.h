// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/engine/judge.h"
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

}  // namespace tegata::policy
