// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>

#include "policy/model/deadline.h"
#include "policy/model/digest.h"
#include "policy/model/image_facts.h"
#include "policy/model/limits.h"
#include "policy/model/scan_report.h"
#include "verifier/evidence/workshop.h"

namespace tegata::verifier {

/// Answers the questions of a plan: LiveGatherer from caches and registries, ReplayGatherer from recorded
/// evidence with the same verifier.
class Gatherer {
 public:
  virtual ~Gatherer() = default;

  /// Returns an answer to every question, in the order of the plan. Answers that are not available by the
  /// deadline are Unknown with the failure of a request for them (Askers::failure()), else CutShort;
  /// the fetches continue and fill the cache. Thread-safe; waits at most until the deadline.
  [[nodiscard]] virtual GatheredFacts gather(const EvidencePlan& plan, Deadline deadline) = 0;
};

class AwsClient;
class EvidenceStore;
class MemoryBudget;

/// Settings of a LiveGatherer. The program uses the defaults; tests change them.
struct GatherSettings {
  using Clock = std::chrono::steady_clock;

  Clock::duration fetch = limits::kFetch;  ///< for one image's facts, even if no caller waits for them
  Clock::duration verified_lifetime = limits::kVerifiedLifetime;
  Clock::duration rejected_lifetime = limits::kRejectedLifetime;
  Clock::duration costly_rejected_lifetime = limits::kCostlyRejectedLifetime;
  Clock::duration tag_lifetime = limits::kTagLifetime;
  Clock::duration tag_mutability_lifetime = limits::kTagMutabilityLifetime;
  Clock::duration scan_lifetime = limits::kScanLifetime;
  Clock::duration scan_pending_lifetime = limits::kScanPendingLifetime;
  Clock::duration absent_lifetime = limits::kAbsentLifetime;
  /// A caller's thread is held while it waits, and one user must not hold all: above both of these, a call
  /// waits for at most `crowded_wait`.
  std::size_t waiting_calls = limits::kWaitingCalls;
  std::size_t waiting_calls_of_a_user = limits::kWaitingCallsOfAUser;
  Clock::duration crowded_wait = limits::kCrowdedWait;
  std::size_t cache_entries = limits::kCacheEntries;  ///< of each kind of fact
  std::size_t cache_bytes = limits::kCacheBytes;      ///< of signature facts
  std::size_t tag_cache_bytes = limits::kTagCacheBytes;
  std::size_t label_cache_bytes = limits::kTagCacheBytes / 4;  ///< of labels
  std::size_t scan_cache_bytes = limits::kTagCacheBytes / 2;   ///< of reports of scanners
  /// Of each other kind of small facts: manifests of indexes, whether tags can be moved.
  std::size_t small_cache_bytes = limits::kTagCacheBytes / 8;
  /// Asked for what only AWS knows of an image; null: such facts are Unknown.
  std::shared_ptr<AwsClient> aws;
  /// Reports given by file, by the digest that each is about.
  std::map<Digest, std::shared_ptr<const ScanReport>> scan_reports;
  /// Counts what the search for signatures holds; null: no bound.
  std::shared_ptr<MemoryBudget> memory;
  /// Stores the bytes that facts were made from; null: nothing is recorded.
  std::shared_ptr<EvidenceStore> evidence;
  std::function<Clock::time_point()> now = &Clock::now;  ///< for lifetimes
  Workshop::Post work = {};  ///< runs slices of verification; empty: on the thread that has the candidates
  /// For certificates and predicates. Defaults to the epoch, so that an unset clock fails closed.
  std::function<Time()> wall_clock = [] { return Time{}; };
};

}  // namespace tegata::verifier
