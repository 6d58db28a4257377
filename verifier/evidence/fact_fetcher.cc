// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_fetcher.h"

#include <utility>

#include "policy/model/limits.h"
#include "verifier/evidence/fact_size.h"
#include "verifier/evidence/find_labels.h"
#include "verifier/evidence/known_manifest_source.h"
#include "verifier/evidence/recording_source.h"
#include "verifier/evidence/signature_fact.h"
#include "verifier/sigstore/discover.h"

namespace tegata::verifier {
namespace {

const Unknown kAbandoned{{ErrorCode::Internal, "the check was given up without an answer"}};
const Unknown kClosed{{ErrorCode::Unavailable, "Tegata is shutting down and asks registries nothing more"}};

/// What one image's facts are read through. Lives as long as whoever reads them.
class ImageSource {
 public:
  ImageSource(ContentSource& source, const Repository& repository,
              const std::shared_ptr<const Content>& manifest, const std::shared_ptr<EvidenceStore>& evidence)
      : first_(&source) {
    if (manifest)
      first_ = (known_ = std::make_shared<KnownManifestSource>(*first_, repository, manifest)).get();
    if (evidence) first_ = (recording_ = std::make_shared<RecordingSource>(*first_, evidence)).get();
  }
  [[nodiscard]] ContentSource& first() const { return *first_; }
  /// Everything that was answered so far; nothing where nothing is recorded.
  [[nodiscard]] Evidence evidence() const { return recording_ ? recording_->evidence() : Evidence{}; }

 private:
  ContentSource* first_;
  std::shared_ptr<KnownManifestSource> known_;
  std::shared_ptr<RecordingSource> recording_;
};

/// With the evidence put in, and made to be shared.
LabelsFact shared_fact(Fact<ImageLabels> fact, Evidence evidence) {
  if (const auto* unknown = std::get_if<Unknown>(&fact)) return *unknown;
  auto* known = std::get_if<Known<ImageLabels>>(&fact);
  if (known == nullptr) return Absent{};
  auto labels = std::make_shared<ImageLabels>(std::move(known->value));
  labels->evidence_hash = std::move(evidence.hash);
  labels->evidence = std::move(evidence.text);
  return Known<std::shared_ptr<const ImageLabels>>{std::move(labels)};
}

}  // namespace

FactFetcher::FactFetcher(ContentSource& source, SignatureVerifier verifier, GatherSettings settings)
    : source_(source),
      shared_(source),
      verifier_(std::move(verifier)),
      settings_(std::move(settings)),
      tags_(settings_.cache_entries, settings_.tag_cache_bytes, ResolvedTag{kAbandoned, nullptr},
            settings_.now),
      signatures_(settings_.cache_entries, settings_.cache_bytes, kAbandoned, settings_.now),
      labels_(settings_.cache_entries, settings_.label_cache_bytes, kAbandoned, settings_.now) {}

void FactFetcher::tag(const TagKey& key, Deadline deadline, std::function<void(const TagAnswer&)> on_ready) {
  tags_.get(
      key, [&](TagCache::Completion complete) { start_tag(key, deadline, std::move(complete)); },
      std::move(on_ready));
}

void FactFetcher::signatures(const SignatureKey& key, const std::shared_ptr<const Content>& manifest,
                             Deadline deadline, std::function<void(const SignaturesAnswer&)> on_ready) {
  signatures_.get(
      key,
      [&](SignatureCache::Completion complete) {
        start_signatures(key, manifest, deadline, std::move(complete));
      },
      std::move(on_ready));
}

void FactFetcher::labels(const ImageKey& key, const std::shared_ptr<const Content>& manifest,
                         Deadline deadline, std::function<void(const LabelsAnswer&)> on_ready) {
  labels_.get(
      key,
      [&](LabelCache::Completion complete) { start_labels(key, manifest, deadline, std::move(complete)); },
      std::move(on_ready));
}

void FactFetcher::start_tag(const TagKey& key, Deadline deadline, TagCache::Completion complete) {
  if (closed_.load()) return complete(not_kept(kClosed));
  source_.fetch({TagRequest{key.repository, key.tag}}, deadline,
                [self = shared_from_this(), key, complete = std::move(complete)](auto answers) {
                  complete(self->tag_outcome(key, std::move(answers.at(0))));
                });
}

FactFetcher::TagCache::Outcome FactFetcher::not_kept(Unknown why) {
  return {std::make_shared<const ResolvedTag>(ResolvedTag{std::move(why), nullptr}), std::nullopt, 0};
}

FactFetcher::TagCache::Outcome FactFetcher::tag_outcome(const TagKey& key, ContentAnswer answer) const {
  if (!answer.ok()) {
    if (answer.error().code != ErrorCode::NotFound) return not_kept({answer.error()});
    return {std::make_shared<const ResolvedTag>(ResolvedTag{Absent{}, nullptr}), settings_.absent_lifetime,
            bytes_of(key)};
  }
  auto* content = std::get_if<Content>(&*answer);
  if (content == nullptr) return not_kept({{ErrorCode::Internal, "a tag was answered with a list"}});
  ResolvedTag resolved{Known<Digest>{content->digest}, nullptr};
  auto bytes = bytes_of(key);
  if (content->bytes.size() <= limits::kKeptManifest) {
    bytes += sizeof(Content) + content->bytes.size();
    resolved.manifest = std::make_shared<const Content>(std::move(*content));
  }
  return {std::make_shared<const ResolvedTag>(std::move(resolved)), settings_.tag_lifetime, bytes};
}

void FactFetcher::start_signatures(const SignatureKey& key, const std::shared_ptr<const Content>& manifest,
                                   Deadline deadline, SignatureCache::Completion complete) {
  if (closed_.load()) return complete({std::make_shared<const SignaturesFact>(kClosed), std::nullopt, 0});
  const ImageSource source(shared_, key.image, manifest, settings_.evidence);
  discover_signatures(
      source.first(), key.image, key.signatures, key.digest, key.trust->reach, deadline,
      [self = shared_from_this(), key, source, complete = std::move(complete)](Candidates candidates) {
        auto fact = signature_fact(self->verifier_, key.digest, candidates, *key.trust,
                                   self->settings_.wall_clock(), source.evidence());
        complete(self->signatures_outcome(key, std::move(fact)));
      });
}

FactFetcher::SignatureCache::Outcome FactFetcher::signatures_outcome(const SignatureKey& key,
                                                                     SignaturesFact fact) const {
  std::optional<GatherSettings::Clock::duration> lifetime;
  std::size_t bytes = bytes_of(key);
  if (std::holds_alternative<Absent>(fact)) lifetime = settings_.absent_lifetime;
  if (const auto* known = std::get_if<Known<std::shared_ptr<const SignatureFacts>>>(&fact)) {
    const auto& facts = *known->value;
    bytes += bytes_of(facts);
    const bool for_long = key.trust->suffices(key.digest, facts) && !facts.asks_now;
    if (!facts.unknown) lifetime = for_long ? settings_.verified_lifetime : settings_.rejected_lifetime;
  }
  return {std::make_shared<const SignaturesFact>(std::move(fact)), lifetime, bytes};
}

void FactFetcher::start_labels(const ImageKey& key, const std::shared_ptr<const Content>& manifest,
                               Deadline deadline, LabelCache::Completion complete) {
  if (closed_.load()) return complete({std::make_shared<const LabelsFact>(kClosed), std::nullopt, 0});
  const ImageSource source(shared_, key.repository, manifest, settings_.evidence);
  find_labels(
      source.first(), key.repository, key.digest, deadline,
      [self = shared_from_this(), key, source, complete = std::move(complete)](Fact<ImageLabels> fact) {
        complete(self->labels_outcome(key, shared_fact(std::move(fact), source.evidence())));
      });
}

FactFetcher::LabelCache::Outcome FactFetcher::labels_outcome(const ImageKey& key, LabelsFact fact) const {
  std::optional<GatherSettings::Clock::duration> lifetime;
  auto bytes = bytes_of(key);
  if (std::holds_alternative<Absent>(fact)) lifetime = settings_.absent_lifetime;
  if (const auto* known = std::get_if<Known<std::shared_ptr<const ImageLabels>>>(&fact)) {
    lifetime = settings_.verified_lifetime;  // a digest's labels never change
    bytes += bytes_of(*known->value);
  }
  return {std::make_shared<const LabelsFact>(std::move(fact)), lifetime, bytes};
}

}  // namespace tegata::verifier
