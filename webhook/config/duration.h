// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook {

/// Reads a duration as Go and Kubernetes write it: one or more of `number unit` without blanks, the
/// units h, m, s, ms, us, ns: `10s`, `1m30s`, `500ms`, `1.5s`, and `0`. Never negative, at most
/// 10,000 hours; what is below a millisecond is cut off. Malformed, saying what is expected.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace tegata::webhook
