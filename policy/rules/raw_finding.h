// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/reason.h"

namespace tegata::policy {

/// What a rule finds, before its cost is known. Its kind is that of its reason. `expected` and `found` are
/// printable: what comes from outside has been through printable().
struct RawFinding {
  Reason reason;
  std::string expected;
  std::string found;
  /// How to fix it, in one sentence that says who acts where it is not the person who deploys: the owner of
  /// the build pipeline, or the platform team. "This rule" is the one that made the finding.
  std::string remedy;
};

/// What one rule finds in one image, or in one request: none, one, or a few.
using RawFindings = std::vector<RawFinding>;

inline constexpr std::string_view kPlatformTeam = "ask the platform team to ";
inline constexpr std::string_view kPipelineOwner = "ask the owner of the build pipeline to ";
/// The remedy for InternalError.
inline constexpr std::string_view kReportIt =
    "report it with the decision id: this is a bug in Tegata, and nothing in the deployment has to change";

/// The finding for a fact that could not be determined; `asked` is the repository that it was asked of.
[[nodiscard]] RawFinding could_not_check(const Error& error, std::string expected, const Repository& asked);
/// The finding where that repository does not have the image.
[[nodiscard]] RawFinding image_not_found(std::string expected, std::string found, const Repository& asked);
/// The finding for a question of plan's that was not answered: a bug.
[[nodiscard]] RawFinding not_answered(std::string expected);

/// `a, b or c`; where there are more than five, `a, b, c, d, e and 4 more`.
[[nodiscard]] std::string listed(const std::vector<std::string>& words, std::string_view last = " or ");

}  // namespace tegata::policy
