// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "policy/model/limits.h"
#include "policy/model/result.h"

namespace tegata::verifier {

/// Parses one JSON text (RFC 8259) that may be signed: input that two parsers could read differently
/// is refused. Malformed: not JSON, a duplicate key in one object (compared after unescaping), bytes that are
/// not UTF-8, a byte order mark, a NUL byte, text after the end. LimitExceeded: nested deeper than `depth`
/// levels of objects and arrays (`[]` is one level), or more than limits::kJsonValues values.
///
/// The caller limits the number of bytes. An integer that does not fit in 64 bits is returned as a float:
/// callers must check the type and range of numbers.
[[nodiscard]] Result<nlohmann::json> parse_strict_json(std::string_view text,
                                                       std::size_t depth = limits::kJsonDepth);

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
