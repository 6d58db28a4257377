// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::verifier {

// Readers for members of a JSON object; they do not throw. An absent or null member gives an empty value. A
// member of another type is Malformed, and the error names it.

/// The member, or nullptr if `value` is not an object, or the member is absent or null.
[[nodiscard]] const nlohmann::json* member(const nlohmann::json& value, std::string_view key);
[[nodiscard]] Result<std::optional<std::string>> string_member(const nlohmann::json& object,
                                                               std::string_view key);
/// A whole number from 0 to 2^63 - 1.
[[nodiscard]] Result<std::optional<std::uint64_t>> size_member(const nlohmann::json& object,
                                                               std::string_view key);

}  // namespace tegata::verifier
