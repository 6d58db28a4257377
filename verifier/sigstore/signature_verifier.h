// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "policy/model/signature_facts.h"
#include "policy/model/trust_settings.h"
#include "verifier/crypto/key_ring.h"
#include "verifier/sigstore/candidate.h"

namespace tegata::verifier {

struct SignedClaims;

/// Decides whether candidates speak for one image. Does no I/O; thread-safe.
class SignatureVerifier {
 public:
  explicit SignatureVerifier(std::shared_ptr<const KeyRing> keys) : keys_(std::move(keys)) {}

  /// What one candidate says about one key: a signature by it for `image`, or why not. None: it is
  /// no candidate of `signature` at all (a bundle of another predicateType).
  using Outcome = std::variant<VerifiedSignature, Rejection>;
  [[nodiscard]] std::optional<Outcome> verify(const Digest& image, const Candidate& candidate,
                                              const PublicKey& key) const;

  /// Every candidate against every authority; `evidence` is left empty. A key that the ring does not
  /// hold is a logic_error: policies are loaded through the ring. Above limits::kSignatureChecks the
  /// rest is not looked at and `too_many` is set.
  [[nodiscard]] SignatureFacts verify_all(const Digest& image, const Candidates& candidates,
                                          const TrustSettings& trust) const;

 private:
  [[nodiscard]] static Outcome hold_against(const Digest& image, const SignedClaims& claims,
                                            const PublicKey& key);

  std::shared_ptr<const KeyRing> keys_;
};

}  // namespace tegata::verifier
