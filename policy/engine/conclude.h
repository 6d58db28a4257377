// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/engine/judge.h"

namespace tegata::policy {

/// Sets decision, would_be, reasons and rules from the findings.
[[nodiscard]] Verdict conclude(Verdict verdict);

/// The verdict on a request that no policy matches.
[[nodiscard]] Verdict unmatched(const DeploymentRequest& request, const JudgeOptions& options);

}  // namespace tegata::policy
