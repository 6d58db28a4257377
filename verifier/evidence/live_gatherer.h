// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_kinds.h"
#include "verifier/evidence/gather.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

class FactFetchers;

/// Answers a plan from the caches and, on a miss, from `source`: all images in parallel, with one fetch for
/// each question however many callers wait for it. If all answers are cached, they are returned on the
/// caller's thread without waiting. For EvidencePlan::cached_only, what is not cached is
/// Unknown{CutShort}. While GatherSettings::waiting_calls calls wait, those of a user who has
/// waiting_calls_of_a_user of them wait for at most crowded_wait.
///
/// May be destroyed while fetches are in progress: they own what they need, except `source`, which they
/// reference. So destroy the gatherer before the source; the destructor of the source answers or drops the
/// fetches in progress. After its destruction a gatherer starts no more fetches.
class LiveGatherer final : public Gatherer {
 public:
  LiveGatherer(ContentSource& source, const FactKinds& kinds, GatherSettings settings = {});
  ~LiveGatherer() override;
  LiveGatherer(const LiveGatherer&) = delete;
  LiveGatherer& operator=(const LiveGatherer&) = delete;

  [[nodiscard]] GatheredFacts gather(const EvidencePlan& plan, Deadline deadline) override;

  /// No call of gather() waits longer than this, now and later: what is not known then is CutShort.
  /// Thread-safe.
  void end_by(Deadline deadline);

  /// For metrics: KindId::metric and the counters of that kind's cache, in the order of the kinds.
  [[nodiscard]] std::vector<std::pair<std::string_view, CacheCounts>> counts() const;

 private:
  class Calls;
  std::shared_ptr<FactFetchers> fetchers_;
  std::unique_ptr<Calls> calls_;
};

}  // namespace tegata::verifier
