// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "policy/model/deadline.h"

namespace tegata::verifier {

/// Where a fraction finer than a millisecond goes: into the interval that it bounds, never out of it.
enum class Rounding { Up, Down };

/// A time as protobuf's JSON form writes it (RFC 3339): `2026-11-22T13:07:22Z`, with up to nine digits of
/// a second and with `Z` or an offset. Years 0001 to 9999; no leap seconds. None: anything else.
[[nodiscard]] std::optional<Time> parse_rfc3339(std::string_view text, Rounding rounding);

}  // namespace tegata::verifier
