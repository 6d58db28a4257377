// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>

#include "policy/model/predicate.h"

namespace tegata::policy {

/// Which of two numbers is less: exactly, also between integers and fractions, where a conversion
/// would lose digits. None where one is not a number.
[[nodiscard]] std::optional<std::strong_ordering> compare_numbers(const Value& a, const Value& b);

/// Texts byte by byte, numbers by their value (1 is 1.0), truth values, null. Lists and objects equal
/// nothing.
[[nodiscard]] bool same_scalar(const Value& a, const Value& b);

/// For people, printable, cut to about 100 bytes: `"text"`, `12`, `a list of 3 items`.
[[nodiscard]] std::string described(const Value& value);

}  // namespace tegata::policy
