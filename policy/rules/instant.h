// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "policy/model/deadline.h"
#include "policy/model/result.h"

namespace tegata::policy {

/// A moment that a policy names: a fixed one, or one that moves with the clock.
struct Instant {
  std::string text;                ///< as written
  std::optional<Time> fixed = {};  ///< none: relative to now
  std::chrono::milliseconds from_now{0};

  /// `now`, `now-168h`, `now+15m` (s, m, h or d; at most 36500 days), or a time of RFC 3339 (lenient form).
  [[nodiscard]] static Result<Instant> parse(std::string_view text);
  [[nodiscard]] auto parts() const {
    const auto& [written, time, offset] = *this;
    return std::tuple(std::string_view(written), time.has_value(),
                      time ? time->time_since_epoch().count() : 0, offset.count());
  }
  [[nodiscard]] Time at(Time now) const { return fixed ? *fixed : now + from_now; }
};

}  // namespace tegata::policy
