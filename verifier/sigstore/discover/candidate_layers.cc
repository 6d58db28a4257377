// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/discover/candidate_layers.h"

#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "verifier/json/large_document.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::verifier {
namespace {

constexpr std::string_view kBundlePrefix = "application/vnd.dev.sigstore.bundle";
constexpr std::string_view kSignatureType = "application/vnd.dev.cosign.artifact.sig.v1+json";
constexpr std::string_view kAttestationType = "application/vnd.in-toto+json";
constexpr std::string_view kEnvelopeType = "application/vnd.dsse.envelope.v1+json";
constexpr const char* kPredicateAnnotation = "dev.sigstore.bundle.predicateType";

bool is_bundle(const Manifest& manifest) {
  return manifest.layers.size() == 1 &&
         (manifest.artifact_type.starts_with(kBundlePrefix) ||
          manifest.config.media_type.starts_with(kBundlePrefix) ||
          manifest.layers.front().descriptor.media_type.starts_with(kBundlePrefix));
}

bool is_of_type(const Manifest& manifest, std::string_view type) {
  return manifest.artifact_type == type || manifest.config.media_type == type;
}

// BuildKit and others also store unsigned statements in layers of these manifests.
AttestationReferrer envelopes_of(std::vector<Layer> layers) {
  std::erase_if(layers, [](const Layer& layer) { return layer.descriptor.media_type != kEnvelopeType; });
  return {std::move(layers)};
}

bool says_attestation(const Manifest& manifest) {
  const auto annotation = manifest.annotations.find(kPredicateAnnotation);
  return annotation != manifest.annotations.end() && annotation->second != kCosignSignPredicate;
}

// A document of a type that does not hold signatures, such as an ORAS artifact manifest.
bool is_of_another_kind(std::string_view bytes) {
  const LargeDocument large(bytes.size());
  const auto document = parse_strict_json(bytes);
  if (!document.ok()) return false;
  const auto media_type = string_member(*document, "mediaType");
  return media_type.ok() && *media_type && !(**media_type).starts_with("application/vnd.oci.image.") &&
         !(**media_type).starts_with("application/vnd.docker.distribution.");
}

}  // namespace

ReferrerKind referrer_kind(std::string_view bytes) {
  auto parsed = parse_manifest(bytes);
  if (!parsed.ok()) {
    if (is_of_another_kind(bytes)) return ForeignReferrer{};
    return reject(RejectionReason::BundleMalformed, parsed.error().in("the referrer is not a manifest"));
  }
  auto* manifest = std::get_if<Manifest>(&*parsed);
  if (manifest == nullptr) return ForeignReferrer{};
  if (is_bundle(*manifest))
    return BundleReferrer{std::move(manifest->layers.front()), says_attestation(*manifest)};
  if (is_of_type(*manifest, kSignatureType)) return SignatureReferrer{std::move(manifest->layers)};
  if (is_of_type(*manifest, kAttestationType)) return envelopes_of(std::move(manifest->layers));
  return ForeignReferrer{};
}

namespace {

std::size_t limit_of(CandidateKind kind) {
  switch (kind) {
    case CandidateKind::SimpleSigning:
      return limits::kSimpleSigningPayload;
    case CandidateKind::Envelope:
      return limits::kAttestationEnvelope;
    case CandidateKind::Bundle:
      return limits::kBundle;
  }
  return 0;
}

using Of = UnreadableCandidate::Of;

Of of(CandidateKind kind) {
  switch (kind) {
    case CandidateKind::SimpleSigning:
      return Of::Signatures;
    case CandidateKind::Envelope:
      return Of::Attestations;
    case CandidateKind::Bundle:
      return Of::Either;
  }
  return Of::Either;
}

Candidate unreadable(RejectionReason reason, std::string detail, const Digest& content, CandidateKind kind) {
  return UnreadableCandidate{{reason, std::move(detail), content}, of(kind)};
}

}  // namespace

std::optional<Rejection> rejection_of(const Error& error, const Digest& content) {
  switch (error.code) {
    case ErrorCode::NotFound:
      return Rejection{RejectionReason::ContentAbsent, error.message, content};
    case ErrorCode::LimitExceeded:
      return Rejection{RejectionReason::TooLarge, error.message, content};
    case ErrorCode::Malformed:
      return Rejection{RejectionReason::ContentOtherDigest, error.message, content};
    case ErrorCode::UnexpectedAnswer:
    case ErrorCode::Unauthorized:
    case ErrorCode::RateLimited:
    case ErrorCode::OwnRate:
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::CutShort:
    case ErrorCode::NotRecorded:
    case ErrorCode::Misconfigured:
    case ErrorCode::Internal:
      return std::nullopt;
  }
  return std::nullopt;
}

namespace {

std::size_t bytes_of(const Annotations& annotations) {
  constexpr std::size_t kNode = 96;  // two strings, and a node of the map
  std::size_t bytes = 0;
  for (const auto& [name, value] : annotations) bytes += kNode + name.size() + value.size();
  return bytes;
}

}  // namespace

WantedBlobs::Taken WantedBlobs::want(Layer layer, FetchBudget& budget) {
  const auto kept = bytes_of(layer.annotations);
  if (layer.descriptor.size > limit_of(kind_)) {
    layer.annotations.clear();
    wanted_.push_back({std::move(layer), std::nullopt});
    return Taken::Yes;
  }
  const Key key{layer.descriptor.digest, layer.descriptor.size};
  if (!asked_.contains(key) && !budget.take_request()) return Taken::OverBudget;
  if (!budget.take(layer.descriptor.size + kept)) return Taken::OverBudget;
  bytes_ += static_cast<std::size_t>(layer.descriptor.size);
  kept_bytes_ += kept;
  const auto [asked, fresh] = asked_.emplace(key, order_.size());
  if (fresh) order_.push_back(key);
  wanted_.push_back({std::move(layer), asked->second});
  return Taken::Yes;
}

std::vector<ContentRequest> WantedBlobs::requests(const Repository& repository) const {
  std::vector<ContentRequest> requests;
  for (const auto& [digest, size] : order_)
    requests.push_back(BlobRequest{repository, digest, static_cast<std::size_t>(size), Memory::Reserved});
  return requests;
}

void WantedBlobs::add_to(Candidates& candidates, std::span<ContentAnswer> answers) {
  std::vector<std::size_t> uses(order_.size());
  for (const Wanted& wanted : wanted_)
    if (wanted.request) ++uses[*wanted.request];
  for (Wanted& wanted : wanted_) {
    const Digest digest = wanted.layer.descriptor.digest;
    if (!wanted.request) {
      candidates.list.push_back(
          unreadable(RejectionReason::TooLarge,
                     "it has " + std::to_string(wanted.layer.descriptor.size) + " bytes", digest, kind_));
      continue;
    }
    ContentAnswer& answer = answers[*wanted.request];
    if (answer.ok()) {
      auto& bytes = std::get<Content>(*answer).bytes;
      const bool last = --uses[*wanted.request] == 0;
      candidates.list.push_back(candidate_of(std::move(wanted.layer), last ? std::move(bytes) : bytes));
    } else if (auto rejection = rejection_of(answer.error(), digest)) {
      candidates.list.push_back(UnreadableCandidate{*std::move(rejection), of(kind_)});
    } else {
      note_error(candidates.unknown, answer.error());
    }
  }
}

Candidate WantedBlobs::candidate_of(Layer layer, std::string bytes) const {
  const auto digest = layer.descriptor.digest;
  const auto size = layer.descriptor.size;
  if (bytes.size() != size)
    return unreadable(
        RejectionReason::ContentOtherDigest,
        "it has " + std::to_string(bytes.size()) + " bytes and its descriptor says " + std::to_string(size),
        digest, kind_);
  switch (kind_) {
    case CandidateKind::SimpleSigning:
      return SimpleSigningCandidate{digest, std::move(bytes), std::move(layer.annotations)};
    case CandidateKind::Envelope:
      return EnvelopeCandidate{digest, std::move(bytes), std::move(layer.annotations)};
    case CandidateKind::Bundle:
      return BundleCandidate{digest, std::move(bytes)};
  }
  return unreadable(RejectionReason::BundleMalformed, "not a kind of candidate", digest, kind_);
}

}  // namespace tegata::verifier
