// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/limits.h"
#include "verifier/net/http_message.h"

namespace tegata::verifier {

/// Counts events of the last limits::kOwnRateWindow, in steps of a second.
class RecentCount {
 public:
  using Clock = Deadline::Clock;

  void add(Clock::time_point now) {
    auto& place = seconds_.at(second_of(now) % kSeconds);
    if (place.second != second_of(now)) place = {second_of(now), 0};
    ++place.count;
  }
  [[nodiscard]] std::size_t sum(Clock::time_point now) const {
    std::size_t sum = 0;
    for (const auto& [second, count] : seconds_)
      if (second + kSeconds > second_of(now)) sum += count;
    return sum;
  }

 private:
  static constexpr std::uint64_t kSeconds = limits::kOwnRateWindow.count();
  struct OfASecond {
    std::uint64_t second = 0;
    std::size_t count = 0;
  };
  static std::uint64_t second_of(Clock::time_point time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
  }
  std::array<OfASecond, kSeconds> seconds_{};
};

/// How much Tegata asks of each host, so that failures which its own requests may have brought about are told
/// from an outage: people who deploy can make Tegata send many requests. A host is `host:port` of a URL, be
/// it of a registry, of the target of a redirect or of a token service; those that were reached at a common
/// address are one backend, and counted together.
///
/// At most limits::kCountedHosts hosts have counts of their own; those above share one. Thread-safe.
class OwnLoad {
 public:
  using Clock = Deadline::Clock;
  struct Host;
  /// A request that was counted, for the calls about its end.
  using Asked = std::shared_ptr<Host>;

  /// A request is about to be sent, or to wait for its turn.
  [[nodiscard]] Asked ask(const std::string& host, Clock::time_point now = Clock::now());
  /// That request has ended.
  void end(const Asked& asked, const HttpOutcome& outcome, Clock::time_point now = Clock::now());

  /// Whether more than limits::kOwnRateRequests requests were made, or ended, within limits::kOwnRateWindow,
  /// or have not ended yet.
  [[nodiscard]] bool heavy(const Asked& asked, Clock::time_point now = Clock::now()) const;

  /// The outcome of that request; OwnRate in its place if it is a failure that load can cause (no connection,
  /// a connection that broke, no answer in time, 403, 429, 5xx except 501), the load is heavy(), and the
  /// backend gave more than limits::kOwnRateAnswers good answers within the window, so that it is not down. A
  /// 429 needs no good answers: it says by itself that the rate is the reason.
  [[nodiscard]] HttpOutcome judged(const Asked& asked, HttpOutcome outcome,
                                   Clock::time_point now = Clock::now()) const;

 private:
  struct Load {
    std::size_t asked = 0, ended = 0, open = 0, good = 0;
    [[nodiscard]] bool heavy() const;
  };
  [[nodiscard]] Load of_backend(const Host& host, Clock::time_point now) const;
  void make_room(Clock::time_point now);

  mutable std::mutex mutex_;
  std::map<std::string, Asked> hosts_;
  Asked others_;  ///< of hosts for which there is no room
};

}  // namespace tegata::verifier
