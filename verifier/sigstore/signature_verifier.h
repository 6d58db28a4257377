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

struct SignedClaims;
class SignerProof;

/// Decides whether candidates speak for one image. Does no I/O; thread-safe.
class SignatureVerifier {
 public:
  explicit SignatureVerifier(std::shared_ptr<const TrustMaterial> trust) : trust_(std::move(trust)) {}

  /// What one candidate says about one authority: a signature or attestation by it for `image`, or why
  /// not. None: it is no candidate for it at all (a bundle of another predicateType).
  using Outcome = std::variant<VerifiedSignature, Rejection>;
  [[nodiscard]] std::optional<Outcome> verify(const Digest& image, const Candidate& candidate,
                                              const Authority& authority, Time now) const;

  /// Every candidate against every authority; `evidence` is left empty. Keys and roots that were not
  /// loaded are a logic_error: policies are loaded through the material. Above
  /// limits::kSignatureChecks the rest is not looked at and `too_many` is set.
  [[nodiscard]] SignatureFacts verify_all(const Digest& image, const Candidates& candidates,
                                          const TrustSettings& trust, Time now) const;

 private:
  [[nodiscard]] static Outcome hold_against(const Digest& image, const SignedClaims& claims,
                                            SignerProof& proof, const Authority& authority, Time now);

  std::shared_ptr<const TrustMaterial> trust_;
};

}  // namespace tegata::verifier
