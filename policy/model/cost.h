// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

namespace tegata {

/// What a finding costs, from mild to hard. Warn is shown to the caller; DryRun is silent there and
/// complete in the record; Allow is recorded only.
enum class Cost { Allow, DryRun, Warn, Deny };

/// What breaking a rule costs. Gatekeeper's words: deny, warn, dryrun.
enum class Enforcement { DryRun, Warn, Deny };

[[nodiscard]] constexpr Cost cost_of(Enforcement enforcement) {
  switch (enforcement) {
    case Enforcement::DryRun:
      return Cost::DryRun;
    case Enforcement::Warn:
      return Cost::Warn;
    case Enforcement::Deny:
      return Cost::Deny;
  }
  return Cost::Deny;
}
[[nodiscard]] constexpr Cost milder(Cost a, Cost b) { return std::min(a, b); }

/// `allow`, `dryrun`, `warn` or `deny`.
[[nodiscard]] std::string_view name_of(Cost cost) noexcept;
[[nodiscard]] std::optional<Cost> cost_of_name(std::string_view name) noexcept;

}  // namespace tegata
