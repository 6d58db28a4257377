// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "policy/model/deadline.h"
#include "policy/model/limits.h"

namespace tegata::verifier {

/// How many requests went to each host within the last limits::kOwnRateWindow, in steps of a second. Keeps at
/// most limits::kRegistries hosts: the one that was asked longest ago is forgotten. Thread-safe.
class RequestRates {
 public:
  using Clock = Deadline::Clock;

  void count(const std::string& host, Clock::time_point now = Clock::now()) {
    const std::lock_guard lock(mutex_);
    if (!hosts_.contains(host) && hosts_.size() >= limits::kRegistries) forget_one();
    auto& last = hosts_[host];
    auto& place = last.seconds.at(second_of(now) % kSeconds);
    if (place.second != second_of(now)) place = {second_of(now), 0};
    ++place.count;
    last.asked = second_of(now);
  }

  [[nodiscard]] std::size_t sent(const std::string& host, Clock::time_point now = Clock::now()) const {
    const std::lock_guard lock(mutex_);
    const auto found = hosts_.find(host);
    if (found == hosts_.end()) return 0;
    std::size_t sum = 0;
    for (const auto& [second, count] : found->second.seconds)
      if (second + kSeconds > second_of(now)) sum += count;
    return sum;
  }

 private:
  static constexpr std::uint64_t kSeconds = limits::kOwnRateWindow.count();
  struct OfASecond {
    std::uint64_t second = 0;
    std::size_t count = 0;
  };
  struct Host {
    std::array<OfASecond, kSeconds> seconds{};
    std::uint64_t asked = 0;
  };
  static std::uint64_t second_of(Clock::time_point time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
  }
  void forget_one() {
    auto oldest = hosts_.begin();
    for (auto host = hosts_.begin(); host != hosts_.end(); ++host)
      if (host->second.asked < oldest->second.asked) oldest = host;
    hosts_.erase(oldest);
  }

  mutable std::mutex mutex_;
  std::map<std::string, Host> hosts_;
};

}  // namespace tegata::verifier
