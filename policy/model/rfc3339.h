// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/model/deadline.h"

namespace tegata {

/// Which times of RFC 3339, section 5.6, are read. Both take `Z` and offsets.
enum class TimeForm {
  Strict,  ///< as protobuf's JSON form: `T` and `Z` in upper case, 1 to 9 digits of a fraction, years 0001 to
           ///< 9999, no leap seconds
  Lenient,  ///< all of RFC 3339: lower case too, a fraction of any length (the text at most 64 bytes), year
            ///< 0000; the second 60 is the first of the next minute
};

/// Where a fraction finer than a millisecond goes. The ends of an interval are rounded into it.
enum class Rounding { Down, Up };

/// None for anything but a time of that form.
[[nodiscard]] std::optional<Time> read_rfc3339(std::string_view text, TimeForm form,
                                               Rounding rounding = Rounding::Down);

/// `2026-11-22T13:07:22.123Z`.
[[nodiscard]] std::string rfc3339(Time time);

}  // namespace tegata
