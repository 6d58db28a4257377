// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

#include "webhook/http/request_head.h"

namespace tegata::webhook {

/// Requests that the HTTP server refused before they were read whole: there is no review, no decision and no
/// record, and under failurePolicy Ignore what they asked for runs. Counted by status, and logged: the first
/// of each status, and then at most one line in kLogEvery. Thread-safe.
class RefusedRequests {
 public:
  static constexpr std::array<int, 11> kStatuses{400, 403, 408, 411, 413, 414, 415, 417, 429, 431, 505};
  static constexpr std::chrono::seconds kLogEvery{10};

  void add(const http::Refusal& refusal);
  /// `place` in kStatuses.
  [[nodiscard]] std::uint64_t count(std::size_t place) const { return counts_.at(place).load(); }

 private:
  using Clock = std::chrono::steady_clock;
  std::array<std::atomic<std::uint64_t>, kStatuses.size()> counts_{};
  std::mutex mutex_;
  std::array<Clock::time_point, kStatuses.size()> logged_{};  ///< guarded by mutex_
};

}  // namespace tegata::webhook
