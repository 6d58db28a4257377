// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/support/virtual_sigstore.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::testing {

/// The image that everything here is signed for.
[[nodiscard]] Digest signed_image();

/// Whom a test trusts, and what it asks of a signature. As it stands: the identity of a SigningRequest,
/// logged.
struct Asked {
  Demand log = Demand::Required;
  Demand timestamp = Demand::NotRequired;
  Demand sct = Demand::Required;
  std::optional<VirtualKey> key = {};  ///< a bare key, in the place of the identity
  std::optional<std::string> predicate_type = {};
};

/// One authority under one trusted root, held against candidates by the whole SignatureVerifier.
class VirtualVerdict {
 public:
  VirtualVerdict(verifier::TrustedRoot root, const Asked& asked);

  /// "verified", "none", or the name of the RejectionReason.
  [[nodiscard]] std::string operator()(const verifier::Candidate& candidate, Time now = kSigningTime) const {
    return of(signed_image(), candidate, now);
  }
  [[nodiscard]] std::string of(const Digest& image, const verifier::Candidate& candidate,
                               Time now = kSigningTime) const;
  [[nodiscard]] const Authority& authority() const noexcept { return authority_; }

 private:
  std::shared_ptr<verifier::TrustMaterial> material_ = std::make_shared<verifier::TrustMaterial>();
  Authority authority_;
};

/// Throws where the root cannot be read.
[[nodiscard]] verifier::TrustedRoot read_root(const nlohmann::json& root);

/// As the registry would hold them.
[[nodiscard]] verifier::Candidate bundle_candidate(const std::string& json);
[[nodiscard]] verifier::Candidate signature_candidate(const SignedLayer& layer);
[[nodiscard]] verifier::Candidate attestation_candidate(const SignedLayer& layer);

}  // namespace tegata::testing
