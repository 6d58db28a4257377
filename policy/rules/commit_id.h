// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/rules/checks.h"

namespace tegata::policy {

/// Whether every tag that has the check's form has a commit in it.
[[nodiscard]] bool has_commit(const TagCheck& check);

/// What of the tag is the commit: the pattern's group of that name, else all of it.
[[nodiscard]] std::string commit_in(const TagCheck& check, const std::string& tag);

/// 7 to 64 lower-case hex digits.
[[nodiscard]] bool is_commit(std::string_view text) noexcept;

}  // namespace tegata::policy
