// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "policy/model/result.h"

namespace re2 {
class RE2;
}

namespace tegata::policy {

/// A regular expression (RE2: linear time) that must match a whole text. Thread-safe once made.
/// Malformed: RE2's own words about what was written. LimitExceeded above limits::kPattern.
[[nodiscard]] Result<std::shared_ptr<const re2::RE2>> anchored_pattern(std::string_view text);

[[nodiscard]] bool matches_whole(const re2::RE2& anchored, std::string_view text);

}  // namespace tegata::policy
