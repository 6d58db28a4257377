// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/retry_quota.h"

#include <algorithm>
#include <cstdint>
#include <random>

namespace tegata::verifier {

bool RetryQuota::take(int cost) {
  const std::lock_guard lock(mutex_);
  if (left_ < cost) return false;
  left_ -= cost;
  return true;
}

void RetryQuota::give(int cost) {
  const std::lock_guard lock(mutex_);
  left_ = std::min(left_ + cost, limits::kAwsRetryQuota);
}

std::chrono::milliseconds pause_before(int retry, std::chrono::milliseconds first) {
  thread_local std::minstd_rand random{std::random_device{}()};
  constexpr int kDoublings = 16;  // far above the longest pause
  const auto bound = std::min<std::chrono::milliseconds>(first * (1 << std::min(retry - 1, kDoublings)),
                                                         limits::kAwsLongestPause);
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(bound.count(), 1))(random));
}

}  // namespace tegata::verifier
