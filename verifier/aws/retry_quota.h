// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>

#include "policy/model/limits.h"

namespace tegata::verifier {

/// The SDKs' retry quota (standard mode): a service that fails most calls is sent few retries. Thread-safe.
class RetryQuota {
 public:
  static constexpr int kRetry = 5;      ///< after an answer or a broken connection
  static constexpr int kTimedOut = 10;  ///< after no answer in time
  static constexpr int kSuccess = 1;    ///< given back by a call that needed no retry

  /// False if there is less than `cost`.
  [[nodiscard]] bool take(int cost);
  void give(int cost);

 private:
  std::mutex mutex_;
  int left_ = limits::kAwsRetryQuota;
};

/// The pause before retry number `retry` (from 1): a random time below `first`, which doubles with each
/// retry, up to limits::kAwsLongestPause.
[[nodiscard]] std::chrono::milliseconds pause_before(int retry, std::chrono::milliseconds first);

}  // namespace tegata::verifier
