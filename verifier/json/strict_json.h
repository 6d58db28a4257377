// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
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

}  // namespace tegata::verifier
