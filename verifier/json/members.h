// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::verifier {

// Reading members of a JSON object without throwing and without guessing. A member that is absent
// or null is empty; one of another type is Malformed and named.

/// The member, or nullptr where `value` is no object, or has no such member, or has null there.
[[nodiscard]] const nlohmann::json* member(const nlohmann::json& value, std::string_view key);
[[nodiscard]] Result<std::optional<std::string>> string_member(const nlohmann::json& object,
                                                               std::string_view key);
/// A whole number from 0 to 2^63 - 1.
[[nodiscard]] Result<std::optional<std::uint64_t>> size_member(const nlohmann::json& object,
                                                               std::string_view key);

}  // namespace tegata::verifier
