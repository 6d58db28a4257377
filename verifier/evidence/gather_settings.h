// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "policy/model/deadline.h"
#include "policy/model/limits.h"

namespace tegata::verifier {

class EvidenceStore;

/// How a LiveGatherer works. What stands here is what the program uses; tests change it.
struct GatherSettings {
  using Clock = std::chrono::steady_clock;

  Clock::duration fetch = limits::kFetch;  ///< one image's facts, whoever still waits for them
  Clock::duration verified_lifetime = limits::kVerifiedLifetime;
  Clock::duration rejected_lifetime = limits::kRejectedLifetime;
  Clock::duration costly_rejected_lifetime = limits::kCostlyRejectedLifetime;
  Clock::duration tag_lifetime = limits::kTagLifetime;
  Clock::duration absent_lifetime = limits::kAbsentLifetime;
  std::size_t cache_entries = limits::kCacheEntries;  ///< of tags, and as many of signatures and of labels
  std::size_t cache_bytes = limits::kCacheBytes;      ///< of signature facts
  std::size_t tag_cache_bytes = limits::kTagCacheBytes;
  std::size_t label_cache_bytes = limits::kTagCacheBytes;  ///< of labels
  /// Where the bytes go that facts were made from; null: nothing is recorded.
  std::shared_ptr<EvidenceStore> evidence;
  std::function<Clock::time_point()> now = &Clock::now;  ///< for lifetimes
  /// For certificates and predicates. Defaults to the epoch, so that an unset clock fails closed.
  std::function<Time()> wall_clock = [] { return Time{}; };
};

}  // namespace tegata::verifier
