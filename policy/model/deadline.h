// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace tegata {

/// Wall-clock time, in UTC. Only webhook/clock reads it; everything else is given it.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// A moment of the monotonic clock after which the caller no longer waits for an answer. Passed down
/// through every call that may wait, so that the budgets of nested calls cannot add up.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] static Deadline after(Clock::duration budget) { return Deadline(Clock::now() + budget); }
  [[nodiscard]] static Deadline at(Clock::time_point when) { return Deadline(when); }
  [[nodiscard]] static Deadline never() { return Deadline(Clock::time_point::max()); }

  [[nodiscard]] Clock::time_point time() const noexcept { return when_; }
  [[nodiscard]] bool passed() const { return Clock::now() >= when_; }
  /// Never negative.
  [[nodiscard]] Clock::duration left() const {
    const auto now = Clock::now();
    return now >= when_ ? Clock::duration::zero() : when_ - now;
  }
  [[nodiscard]] Deadline earlier_of(Deadline other) const { return when_ < other.when_ ? *this : other; }

 private:
  explicit Deadline(Clock::time_point when) : when_(when) {}
  Clock::time_point when_;
};

}  // namespace tegata
