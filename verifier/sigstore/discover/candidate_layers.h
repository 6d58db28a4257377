// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "verifier/oci/manifest.h"
#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {

/// A referrer that is not a candidate: an SBOM, or a signature of another signing system.
struct ForeignReferrer {};

/// The only layer of the manifest, which holds a bundle, and whether the manifest's annotation names another
/// predicateType than that of a signature. The annotation is not signed: it only decides which bundles are
/// fetched first.
struct BundleReferrer {
  Layer layer;
  bool says_attestation = false;
};

/// What cosign 2 writes with `--registry-referrers-mode oci-1-1`: the layers of a `.sig` manifest.
struct SignatureReferrer {
  std::vector<Layer> layers;
};
/// The same of attestations: the layers of an `.att` manifest.
struct AttestationReferrer {
  std::vector<Layer> layers;
};

using ReferrerKind =
    std::variant<BundleReferrer, SignatureReferrer, AttestationReferrer, ForeignReferrer, Rejection>;

/// Determines the kind of a referrer from its manifest, never from the list that names it. artifactType
/// or config.mediaType (OCI image-spec, manifest.md) decide:
/// - `application/vnd.dev.sigstore.bundle…`, also as the layer's mediaType, with exactly one layer: a bundle;
/// - `application/vnd.dev.cosign.artifact.sig.v1+json`: signatures, in layers of any mediaType;
/// - `application/vnd.in-toto+json`: attestations, in layers of `application/vnd.dsse.envelope.v1+json`.
/// A `subject` other than the image does not matter: the signed content decides. Bytes that are not a
/// manifest are a Rejection.
[[nodiscard]] ReferrerKind referrer_kind(std::string_view manifest);

enum class CandidateKind { SimpleSigning, Envelope, Bundle };

/// What may still be asked about one image: bytes of all payloads and bundles, and requests.
class FetchBudget {
 public:
  FetchBudget(std::size_t bytes, std::size_t requests) : left_(bytes), requests_left_(requests) {}
  /// False if fewer bytes are left; then nothing is taken.
  [[nodiscard]] bool take(std::uint64_t bytes) noexcept {
    if (bytes > left_) return false;
    left_ -= bytes;
    return true;
  }
  /// False if none is left.
  [[nodiscard]] bool take_request() noexcept {
    if (requests_left_ == 0) return false;
    --requests_left_;
    return true;
  }

 private:
  std::uint64_t left_;
  std::size_t requests_left_;
};

/// The blobs of candidates. Each is requested once, with the size in its descriptor as the limit. A blob that
/// is too large for its kind is not requested. The caller reserves memory for bytes() and kept_bytes().
class WantedBlobs {
 public:
  explicit WantedBlobs(CandidateKind kind) : kind_(kind) {}

  enum class Taken { Yes, OverBudget };
  /// OverBudget: blob and annotations exceed the budget, and were not added.
  [[nodiscard]] Taken want(Layer layer, FetchBudget& budget);

  [[nodiscard]] std::vector<ContentRequest> requests(const Repository& repository) const;
  [[nodiscard]] std::size_t request_count() const noexcept { return order_.size(); }
  /// Bytes of all candidates, without kept_bytes(), and of the annotations that are kept already.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t kept_bytes() const noexcept { return kept_bytes_; }
  /// One candidate for each layer, in the order of want(), from the answers to requests(), whose bytes are
  /// moved. A blob that could not be fetched (network, registry) sets `unknown` instead. Call once.
  void add_to(Candidates& candidates, std::span<ContentAnswer> answers);

 private:
  using Key = std::pair<Digest, std::uint64_t>;
  struct Wanted {
    Layer layer;
    std::optional<std::size_t> request;  ///< none: too large, not requested
  };
  [[nodiscard]] Candidate candidate_of(Layer layer, std::string bytes) const;

  CandidateKind kind_;
  std::vector<Wanted> wanted_;
  std::map<Key, std::size_t> asked_;
  std::vector<Key> order_;
  std::size_t bytes_ = 0;
  std::size_t kept_bytes_ = 0;
};

/// A Rejection if the registry answered and the candidate is at fault; none if the content could not be
/// fetched.
[[nodiscard]] std::optional<Rejection> rejection_of(const Error& error, const Digest& content);

}  // namespace tegata::verifier
