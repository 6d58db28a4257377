// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/gather.h"
#include "verifier/evidence/gather_settings.h"
#include "verifier/oci/content_source.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

class FactFetcher;

/// Answers a plan from the caches and, for what they do not hold, from `source`: all images side by
/// side, each question asked once however many callers wait for it. Where everything is kept, the
/// answer is put together on the caller's thread without waiting.
///
/// May be destroyed while fetches are under way: they hold what they need, but `source` by
/// reference. So destroy the gatherer first and the source after it; the source's destructor answers
/// or drops what is under way. A destroyed gatherer starts no fetch any more.
class LiveGatherer final : public Gatherer {
 public:
  LiveGatherer(ContentSource& source, SignatureVerifier verifier, GatherSettings settings = {});
  ~LiveGatherer() override;
  LiveGatherer(const LiveGatherer&) = delete;
  LiveGatherer& operator=(const LiveGatherer&) = delete;

  [[nodiscard]] std::vector<ImageFacts> gather(const EvidencePlan& plan, Deadline deadline) override;

  /// For metrics.
  [[nodiscard]] CacheCounts tag_counts() const noexcept;
  [[nodiscard]] CacheCounts signature_counts() const noexcept;
  [[nodiscard]] CacheCounts label_counts() const noexcept;

 private:
  std::shared_ptr<FactFetcher> fetcher_;
};

}  // namespace tegata::verifier
