// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "policy/model/signature_facts.h"
#include "policy/model/trust_settings.h"
#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::verifier {

class SignerProof;

/// Decides which candidates are valid signatures or attestations of one image. Does no I/O; thread-safe.
class SignatureVerifier {
 public:
  explicit SignatureVerifier(std::shared_ptr<const TrustMaterial> trust) : trust_(std::move(trust)) {}

  /// The result for one candidate and one authority: a signature or attestation of `image` by the authority,
  /// or the reason why not. None: not a candidate for this authority (a bundle of another predicateType).
  using Outcome = std::variant<VerifiedSignature, Rejection>;
  [[nodiscard]] std::optional<Outcome> verify(const Digest& image, const Candidate& candidate,
                                              const Authority& authority, Time now) const;

  /// Checks every candidate against every authority; `evidence` stays empty. A key or root that was not
  /// loaded is a logic_error, because policies are loaded through the material. Above
  /// limits::kSignatureChecks the rest is skipped and `too_many` is set.
  [[nodiscard]] SignatureFacts verify_all(const Digest& image, const Candidates& candidates,
                                          const TrustSettings& trust, Time now) const;

 private:
  [[nodiscard]] static Outcome check(const Digest& image, const SignedClaims& claims, SignerProof& proof,
                                     const Authority& authority, Time now);

  std::shared_ptr<const TrustMaterial> trust_;
};

}  // namespace tegata::verifier
