// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/discover/wanted_blobs.h"

#include "policy/model/limits.h"

namespace tegata::verifier {
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
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::NotRecorded:
    case ErrorCode::Misconfigured:
    case ErrorCode::Internal:
      return std::nullopt;
  }
  return std::nullopt;
}

WantedBlobs::Taken WantedBlobs::want(Layer layer, ByteBudget& budget) {
  if (layer.descriptor.size > limit_of(kind_)) {
    wanted_.push_back({std::move(layer), std::nullopt});
    return Taken::Yes;
  }
  if (!budget.take(layer.descriptor.size)) return Taken::OverBudget;
  const Key key{layer.descriptor.digest, layer.descriptor.size};
  const auto [asked, fresh] = asked_.emplace(key, order_.size());
  if (fresh) order_.push_back(key);
  wanted_.push_back({std::move(layer), asked->second});
  return Taken::Yes;
}

std::vector<ContentRequest> WantedBlobs::requests(const Repository& repository) const {
  std::vector<ContentRequest> requests;
  for (const auto& [digest, size] : order_)
    requests.push_back(BlobRequest{repository, digest, static_cast<std::size_t>(size)});
  return requests;
}

void WantedBlobs::add_to(Candidates& candidates, std::span<const ContentAnswer> answers) const {
  for (const Wanted& wanted : wanted_) {
    const Digest& digest = wanted.layer.descriptor.digest;
    if (!wanted.request) {
      candidates.list.push_back(
          unreadable(RejectionReason::TooLarge,
                     "it has " + std::to_string(wanted.layer.descriptor.size) + " bytes", digest, kind_));
      continue;
    }
    const ContentAnswer& answer = answers[*wanted.request];
    if (answer.ok()) {
      candidates.list.push_back(candidate_of(wanted.layer, std::get<Content>(*answer).bytes));
    } else if (auto rejection = rejection_of(answer.error(), digest)) {
      candidates.list.push_back(UnreadableCandidate{*std::move(rejection), of(kind_)});
    } else if (!candidates.unknown) {
      candidates.unknown = answer.error();
    }
  }
}

Candidate WantedBlobs::candidate_of(const Layer& layer, const std::string& bytes) const {
  const auto& [digest, size, media_type] = layer.descriptor;
  if (bytes.size() != size)
    return unreadable(
        RejectionReason::ContentOtherDigest,
        "it has " + std::to_string(bytes.size()) + " bytes and its descriptor says " + std::to_string(size),
        digest, kind_);
  switch (kind_) {
    case CandidateKind::SimpleSigning:
      return SimpleSigningCandidate{digest, bytes, layer.annotations};
    case CandidateKind::Envelope:
      return EnvelopeCandidate{digest, bytes, layer.annotations};
    case CandidateKind::Bundle:
      return BundleCandidate{digest, bytes};
  }
  return unreadable(RejectionReason::BundleMalformed, "not a kind of candidate", digest, kind_);
}

}  // namespace tegata::verifier
