// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "policy/model/image_facts.h"
#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_keys.h"
#include "verifier/evidence/gather_settings.h"
#include "verifier/evidence/shared_manifest_source.h"
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
using LabelsFact = Fact<std::shared_ptr<const ImageLabels>>;

/// Answers single questions through the caches; what is not there is fetched, once for all who ask.
///
/// Thread-safe. Always held by a shared_ptr: a fetch under way keeps it alive. `source` must outlive
/// every fetch: it must have answered or dropped them all when it is gone.
class FactFetcher : public std::enable_shared_from_this<FactFetcher> {
 public:
  using TagAnswer = std::shared_ptr<const ResolvedTag>;
  using SignaturesAnswer = std::shared_ptr<const SignaturesFact>;
  using LabelsAnswer = std::shared_ptr<const LabelsFact>;

  FactFetcher(ContentSource& source, SignatureVerifier verifier, GatherSettings settings);

  /// Null where it is not kept.
  [[nodiscard]] TagAnswer kept_tag(const TagKey& key) const { return tags_.find(key); }
  [[nodiscard]] SignaturesAnswer kept_signatures(const SignatureKey& key) const {
    return signatures_.find(key);
  }
  [[nodiscard]] LabelsAnswer kept_labels(const ImageKey& key) const { return labels_.find(key); }

  /// Calls `on_ready` once: at once, or when the fetch ends (by `deadline`, if this call starts it).
  void tag(const TagKey& key, Deadline deadline, std::function<void(const TagAnswer&)> on_ready);
  /// `manifest`: of the digest, where it is known; else null.
  void signatures(const SignatureKey& key, const std::shared_ptr<const Content>& manifest, Deadline deadline,
                  std::function<void(const SignaturesAnswer&)> on_ready);
  void labels(const ImageKey& key, const std::shared_ptr<const Content>& manifest, Deadline deadline,
              std::function<void(const LabelsAnswer&)> on_ready);

  /// From now on nothing is fetched: questions are answered from what is kept, else as Unknown.
  void close() noexcept { closed_.store(true); }

  [[nodiscard]] const GatherSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] CacheCounts tag_counts() const noexcept { return tags_.counts(); }
  [[nodiscard]] CacheCounts signature_counts() const noexcept { return signatures_.counts(); }
  [[nodiscard]] CacheCounts label_counts() const noexcept { return labels_.counts(); }

 private:
  using TagCache = FactCache<TagKey, ResolvedTag, FactKeyHash>;
  using SignatureCache = FactCache<SignatureKey, SignaturesFact, FactKeyHash>;
  using LabelCache = FactCache<ImageKey, LabelsFact, FactKeyHash>;

  void start_tag(const TagKey& key, Deadline deadline, TagCache::Completion complete);
  void start_signatures(const SignatureKey& key, const std::shared_ptr<const Content>& manifest,
                        Deadline deadline, SignatureCache::Completion complete);
  void start_labels(const ImageKey& key, const std::shared_ptr<const Content>& manifest, Deadline deadline,
                    LabelCache::Completion complete);
  [[nodiscard]] static TagCache::Outcome not_kept(Unknown why);
  [[nodiscard]] TagCache::Outcome tag_outcome(const TagKey& key, ContentAnswer answer) const;
  [[nodiscard]] SignatureCache::Outcome signatures_outcome(const SignatureKey& key,
                                                           SignaturesFact fact) const;
  [[nodiscard]] LabelCache::Outcome labels_outcome(const ImageKey& key, LabelsFact fact) const;

  ContentSource& source_;
  SharedManifestSource shared_;  ///< of source_
  const SignatureVerifier verifier_;
  const GatherSettings settings_;
  std::atomic<bool> closed_{false};
  TagCache tags_;
  SignatureCache signatures_;
  LabelCache labels_;
};

}  // namespace tegata::verifier
