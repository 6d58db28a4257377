// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/signature_verifier.h"

#include <stdexcept>

#include "policy/model/limits.h"
#include "verifier/crypto/signature_shape.h"
#include "verifier/sigstore/signed_claims.h"

namespace tegata::verifier {
namespace {

Rejection not_by(const PublicKey& key, SignatureCheck check, const SignedClaims& claims) {
  // A signature of another kind's form is another signer's; what no key could have made is garbage.
  if (check == SignatureCheck::Malformed && !has_signature_shape(claims.signature))
    return {RejectionReason::SignatureMalformed, "the signature has no form that any key's has",
            claims.found_in};
  return {RejectionReason::OtherSigner, "not signed with this " + std::string(key.algorithm()) + " key",
          claims.found_in};
}

std::vector<const PublicKey*> keys_of(const TrustSettings& trust, const KeyRing& ring) {
  std::vector<const PublicKey*> keys;
  for (const auto& authority : trust.authorities) {
    const PublicKey* key = ring.find(authority.key);
    if (key == nullptr) throw std::logic_error("a policy names a key that was not loaded");
    keys.push_back(key);
  }
  return keys;
}

}  // namespace

SignatureVerifier::Outcome SignatureVerifier::hold_against(const Digest& image, const SignedClaims& claims,
                                                           const PublicKey& key) {
  const SignatureCheck check = key.check(claims.message, claims.signature);
  if (check != SignatureCheck::Good) return not_by(key, check, claims);
  VerifiedSignature verified(image, key.id(), claims.format, claims.found_in);
  verified.docker_reference_ = claims.docker_reference;
  verified.annotations_ = claims.annotations;
  return verified;
}

std::optional<SignatureVerifier::Outcome> SignatureVerifier::verify(const Digest& image,
                                                                    const Candidate& candidate,
                                                                    const PublicKey& key) const {
  const Examined examined = examine(image, candidate);
  if (std::holds_alternative<NoCandidate>(examined)) return std::nullopt;
  if (const auto* rejection = std::get_if<Rejection>(&examined)) return Outcome(*rejection);
  return hold_against(image, std::get<SignedClaims>(examined), key);
}

SignatureFacts SignatureVerifier::verify_all(const Digest& image, const Candidates& candidates,
                                             const TrustSettings& trust) const {
  const auto keys = keys_of(trust, *keys_);
  SignatureFacts facts;
  facts.too_many = candidates.too_many;
  facts.unknown = candidates.unknown;
  for (const auto& authority : trust.authorities) facts.authorities.push_back({authority.key, {}, {}});

  std::size_t checks = 0;
  for (const Candidate& candidate : candidates.list) {
    const Examined examined = examine(image, candidate);
    if (std::holds_alternative<NoCandidate>(examined)) continue;
    checks += keys.size();
    if (checks > limits::kSignatureChecks) {
      facts.too_many = true;
      break;
    }
    ++facts.candidates;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto* claims = std::get_if<SignedClaims>(&examined);
      Outcome outcome =
          claims ? hold_against(image, *claims, *keys[i]) : Outcome(std::get<Rejection>(examined));
      if (auto* verified = std::get_if<VerifiedSignature>(&outcome))
        facts.authorities[i].verified.push_back(std::move(*verified));
      else
        facts.authorities[i].rejected.push_back(std::get<Rejection>(std::move(outcome)));
    }
  }
  return facts;
}

}  // namespace tegata::verifier
