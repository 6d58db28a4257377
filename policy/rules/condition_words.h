// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/rules/condition.h"

namespace tegata::policy {

/// The operator as a policy writes it: `equals`, `notBefore`.
[[nodiscard]] std::string_view operator_of(const Condition& condition);

/// Why a condition is not met by what was found (null: nothing): names path, expected and found. Fit
/// to print.
[[nodiscard]] std::string unmet(const Condition& condition, const Value* found);

}  // namespace tegata::policy
