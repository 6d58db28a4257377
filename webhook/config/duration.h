// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook {

/// Parses a duration in the format of Go and Kubernetes: one or more of `number unit` without spaces, with
/// the units h, m, s, ms, us, ns: `10s`, `1m30s`, `500ms`, `1.5s`, and `0`. Not negative, at most 10,000
/// hours; fractions of a millisecond are cut off. Malformed, with the expected format.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace tegata::webhook
