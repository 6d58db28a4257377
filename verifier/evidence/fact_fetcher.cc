// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_fetcher.h"

#include <utility>

#include "policy/model/limits.h"
#include "verifier/evidence/fact_size.h"
#include "verifier/evidence/known_manifest_source.h"
#include "verifier/evidence/recording_source.h"
#include "verifier/evidence/signature_fact.h"
#include "verifier/sigstore/discover.h"

namespace tegata::verifier {
namespace {

const Unknown kAbandoned{{ErrorCode::Internal, "the check was given up without an answer"}};
const Unknown kClosed{{ErrorCode::Unavailable, "Tegata is shutting down and asks registries nothing more"}};

}  // namespace

FactFetcher::FactFetcher(ContentSource& source, SignatureVerifier verifier, GatherSettings settings)
    : source_(source),
      verifier_(std::move(verifier)),
      settings_(std::move(settings)),
      tags_(settings_.cache_entries, settings_.tag_cache_bytes, ResolvedTag{kAbandoned, nullptr},
            settings_.now),
      signatures_(settings_.cache_entries, settings_.cache_bytes, kAbandoned, settings_.now) {}

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
  // Both live as long as the discovery does: its `done` holds them.
  std::shared_ptr<KnownManifestSource> known;
  std::shared_ptr<RecordingSource> recording;
  ContentSource* source = &source_;
  if (manifest) source = (known = std::make_shared<KnownManifestSource>(*source, key.image, manifest)).get();
  if (settings_.evidence)
    source = (recording = std::make_shared<RecordingSource>(*source, settings_.evidence)).get();
  discover_signatures(*source, key.image, key.signatures, key.digest, key.trust->reach, deadline,
                      [self = shared_from_this(), key, known, recording,
                       complete = std::move(complete)](Candidates candidates) {
                        auto fact = signature_fact(self->verifier_, key.digest, candidates, *key.trust, self->settings_.wall_clock(),
                                                   recording ? recording->evidence() : Evidence{});
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

}  // namespace tegata::verifier
