// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/model/verdict.h"

namespace tegata::policy {

/// What a rule has to say, before anybody asks what it costs. `expected` and `found` are fit to
/// print: what comes from outside has been through printable().
struct RawFinding {
  FindingKind kind;
  Reason reason;
  std::string expected;
  std::string found;
  std::string remedy = {};  ///< where the rule knows a better one than the reason's
};

/// The finding for a fact that could not be had.
[[nodiscard]] RawFinding could_not_check(const Error& error, std::string expected);
/// The finding for a question of plan's that nobody answered: our own fault.
[[nodiscard]] RawFinding not_answered(std::string expected);
/// `a, b or c`; where there are more than five, `a, b, c, d, e and 4 more`.
[[nodiscard]] std::string listed(const std::vector<std::string>& words, std::string_view last = " or ");

}  // namespace tegata::policy
