// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "policy/model/image_facts.h"
#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_keys.h"
#include "verifier/evidence/gather_settings.h"
#include "verifier/oci/content_source.h"
#include "verifier/sigstore/candidate.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::verifier {

using TagFact = Fact<Digest>;
/// What a tag names; and the manifest that the registry answered with, where it has at most
/// limits::kKeptManifest bytes, so that verifying it need not ask for it again. Else null.
struct ResolvedTag {
  TagFact fact;
  std::shared_ptr<const Content> manifest;
};
using SignaturesFact = Fact<std::shared_ptr<const SignatureFacts>>;

/// Answers single questions through the caches; what is not there is fetched, once for all who ask.
///
/// Thread-safe. Always held by a shared_ptr: a fetch under way keeps it alive. `source` must outlive
/// every fetch: it must have answered or dropped them all when it is gone.
class FactFetcher : public std::enable_shared_from_this<FactFetcher> {
 public:
  using TagAnswer = std::shared_ptr<const ResolvedTag>;
  using SignaturesAnswer = std::shared_ptr<const SignaturesFact>;

  FactFetcher(ContentSource& source, SignatureVerifier verifier, GatherSettings settings);

  /// Null where it is not kept.
  [[nodiscard]] TagAnswer kept_tag(const TagKey& key) const { return tags_.find(key); }
  [[nodiscard]] SignaturesAnswer kept_signatures(const SignatureKey& key) const {
    return signatures_.find(key);
  }

  /// Calls `on_ready` once: at once, or when the fetch ends (by `deadline`, if this call starts it).
  void tag(const TagKey& key, Deadline deadline, std::function<void(const TagAnswer&)> on_ready);
  /// `manifest`: of the digest, where it is known; else null.
  void signatures(const SignatureKey& key, const std::shared_ptr<const Content>& manifest, Deadline deadline,
                  std::function<void(const SignaturesAnswer&)> on_ready);

  /// From now on nothing is fetched: questions are answered from what is kept, else as Unknown.
  void close() noexcept { closed_.store(true); }

  [[nodiscard]] const GatherSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] CacheCounts tag_counts() const noexcept { return tags_.counts(); }
  [[nodiscard]] CacheCounts signature_counts() const noexcept { return signatures_.counts(); }

 private:
  using TagCache = FactCache<TagKey, ResolvedTag, FactKeyHash>;
  using SignatureCache = FactCache<SignatureKey, SignaturesFact, FactKeyHash>;

  void start_tag(const TagKey& key, Deadline deadline, TagCache::Completion complete);
  void start_signatures(const SignatureKey& key, const std::shared_ptr<const Content>& manifest,
                        Deadline deadline, SignatureCache::Completion complete);
  [[nodiscard]] static TagCache::Outcome not_kept(Unknown why);
  [[nodiscard]] TagCache::Outcome tag_outcome(const TagKey& key, ContentAnswer answer) const;
  [[nodiscard]] SignatureCache::Outcome signatures_outcome(const SignatureKey& key,
                                                           SignaturesFact fact) const;

  ContentSource& source_;
  const SignatureVerifier verifier_;
  const GatherSettings settings_;
  std::atomic<bool> closed_{false};
  TagCache tags_;
  SignatureCache signatures_;
};

}  // namespace tegata::verifier
