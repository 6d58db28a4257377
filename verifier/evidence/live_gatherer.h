// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_kind.h"
#include "verifier/evidence/gather.h"
#include "verifier/evidence/gather_settings.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

class FactFetchers;

/// Answers a plan from the caches and, for what they do not hold, from `source`: all images side by
/// side, each question asked once however many callers wait for it. Where everything is kept, the
/// answer is put together on the caller's thread without waiting.
///
/// May be destroyed while fetches are under way: they hold what they need, but `source` by
/// reference. So destroy the gatherer first and the source after it; the source's destructor answers
/// or drops what is under way. A destroyed gatherer starts no fetch any more.
class LiveGatherer final : public Gatherer {
 public:
  LiveGatherer(ContentSource& source, const FactKinds& kinds, GatherSettings settings = {});
  ~LiveGatherer() override;
  LiveGatherer(const LiveGatherer&) = delete;
  LiveGatherer& operator=(const LiveGatherer&) = delete;

  [[nodiscard]] GatheredFacts gather(const EvidencePlan& plan, Deadline deadline) override;

  /// For metrics: KindId::metric, and what that kind's cache has done; in the order of the kinds.
  [[nodiscard]] std::vector<std::pair<std::string_view, CacheCounts>> counts() const;

 private:
  std::shared_ptr<FactFetchers> fetchers_;
};

}  // namespace tegata::verifier
