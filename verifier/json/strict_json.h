// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "policy/model/limits.h"
#include "policy/model/result.h"

namespace tegata::verifier {

/// One JSON text (RFC 8259), read as a document that people sign: what two parsers could read
/// differently is refused. Malformed: not JSON, a key that stands twice in one object (compared
/// after unescaping), bytes that are not UTF-8, a byte order mark, a NUL byte, text after the end.
/// LimitExceeded: nested deeper than `depth` levels of objects and arrays (`[]` is one level), or
/// more than limits::kJsonValues values.
///
/// The caller bounds the bytes. An integer beyond 64 bits comes back as a float: whoever reads a
/// number checks its type and range.
[[nodiscard]] Result<nlohmann::json> parse_strict_json(std::string_view text,
                                                       std::size_t depth = limits::kJsonDepth);

}  // namespace tegata::verifier
