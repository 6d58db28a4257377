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
    return sum_if([now](std::uint64_t second) { return second + kSeconds > second_of(now); });
  }
  /// Of these, the ones in later seconds than `since`.
  [[nodiscard]] std::size_t sum_since(Clock::time_point since, Clock::time_point now) const {
    return sum_if([since, now](std::uint64_t second) {
      return second + kSeconds > second_of(now) && second > second_of(since);
    });
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
  template <typename Counts>
  [[nodiscard]] std::size_t sum_if(Counts counts) const {
    std::size_t sum = 0;
    for (const auto& [second, count] : seconds_)
      if (counts(second)) sum += count;
    return sum;
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
  struct Asked {
    std::shared_ptr<Host> host = nullptr;
    Clock::time_point since{};
  };

  /// A request is about to be sent, or to wait for its turn.
  [[nodiscard]] Asked ask(const std::string& host, Clock::time_point now = Clock::now());
  /// That request has ended.
  void end(const Asked& asked, const HttpOutcome& outcome, Clock::time_point now = Clock::now());

  /// Whether more than limits::kOwnRateRequests requests were made, or ended, within limits::kOwnRateWindow,
  /// or have not ended yet.
  [[nodiscard]] bool heavy(const Asked& asked, Clock::time_point now = Clock::now()) const;

  /// The outcome of that request; OwnRate in its place if it is a failure that load can cause:
  /// - 429, if the load is heavy();
  /// - no answer in time, or 504, if the load is or was heavy within limits::kOwnLoadMemory, since the host
  ///   may still work on requests that Tegata has given up; or if the backend gave more than
  ///   limits::kAnswersMeanwhile good answers since the request was made: it is busy, not down;
  /// - no connection, a connection that broke, 403, 5xx except 501, if the load is heavy and the backend gave
  ///   more than limits::kOwnRateAnswers good answers within the window: it is not down.
  [[nodiscard]] HttpOutcome judged(const Asked& asked, HttpOutcome outcome,
                                   Clock::time_point now = Clock::now()) const;

 private:
  struct Load {
    std::size_t asked = 0, ended = 0, open = 0, good = 0;
    std::size_t meanwhile = 0;  ///< good answers since a request was made
    bool was_heavy = false;     ///< within limits::kOwnLoadMemory
    [[nodiscard]] bool heavy() const;
  };
  static void add(const Host& host, Clock::time_point since, Clock::time_point now, Load& load);
  [[nodiscard]] Load of_backend(const Asked& asked, Clock::time_point now) const;
  void make_room(Clock::time_point now);

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Host>> hosts_;
  std::shared_ptr<Host> others_;  ///< of hosts for which there is no room
};

}  // namespace tegata::verifier
