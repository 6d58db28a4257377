// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/signature_verifier.h"

#include <algorithm>

#include "policy/model/limits.h"
#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/candidate/signed_payload.h"
#include "verifier/sigstore/proof/prove_signer.h"

namespace tegata::verifier {
namespace {

using Outcome = SignatureVerifier::Outcome;

SignedContent content_of(const SignedClaims& claims) {
  SignedContent content{SignedMessage::of_bytes(claims.message), claims.signatures, claims.material};
  if (claims.format != SignatureFormat::Bundle)
    content.certificate = SignedContent::Certificate::MayBeIgnored;
  if (claims.payload) content.dsse_payload = *claims.payload;
  if (claims.envelope) content.dsse_envelope = *claims.envelope;
  return content;
}

SignedStatement statement_of(const Digest& image, const SignedClaims& claims, const Authority& authority,
                             ProvenSigner proven) {
  return {.image = image,
          .authority = authority.id,
          .signer = std::move(proven.signer),
          .format = claims.format,
          .found_in = claims.found_in,
          .docker_reference = claims.docker_reference,
          .annotations = claims.annotations,
          .identity = std::move(proven.identity),
          .times = std::move(proven.times),
          .logs = std::move(proven.logs)};
}

// Reads the predicate of an attestation whose signature is verified.
std::optional<Rejection> read_predicate(const Digest& image, const SignedClaims& claims,
                                        const PredicateDemand& demand, Time now, SignedStatement& statement) {
  auto predicate = read_attestation(*claims.payload, demand.predicate_type, image);
  if (auto* rejection = std::get_if<Rejection>(&predicate)) return std::move(*rejection);
  statement.predicate_type = demand.predicate_type;
  if (demand.read) statement.predicate = demand.read(std::get<Value>(predicate), now);
  return std::nullopt;
}

Rejection about(const SignedClaims& claims, Rejection rejection) {
  rejection.candidate = claims.found_in;
  return rejection;
}

bool needs_material(const Authority& authority) {
  return std::holds_alternative<CertificateSigner>(authority.signer) || authority.proof.root;
}

Material material_for(const std::vector<Authority>& authorities) {
  return std::any_of(authorities.begin(), authorities.end(), needs_material) ? Material::Read
                                                                             : Material::Ignored;
}

}  // namespace

Outcome SignatureVerifier::check(const Digest& image, const SignedClaims& claims, SignerProof& proof,
                                 const Authority& authority, Time now) {
  auto proven = proof.by(authority);
  if (auto* rejection = std::get_if<Rejection>(&proven)) return about(claims, std::move(*rejection));
  auto statement = statement_of(image, claims, authority, std::get<ProvenSigner>(std::move(proven)));
  if (authority.attestation)
    if (auto rejection = read_predicate(image, claims, *authority.attestation, now, statement))
      return about(claims, *std::move(rejection));
  return VerifiedSignature(std::move(statement));
}

std::optional<Outcome> SignatureVerifier::verify(const Digest& image, const Candidate& candidate,
                                                 const Authority& authority, Time now) const {
  const Examined examined = examine(image, candidate, material_for({authority}));
  if (!examined.concern.includes(authority)) return std::nullopt;
  if (const auto* rejection = std::get_if<Rejection>(&examined.claims)) return Outcome(*rejection);
  const auto& claims = std::get<SignedClaims>(examined.claims);
  SignerProof proof(content_of(claims), *trust_, now);
  return check(image, claims, proof, authority, now);
}

SignatureFacts SignatureVerifier::verify_all(const Digest& image, const Candidates& candidates,
                                             const TrustSettings& trust, Time now) const {
  SignatureFacts facts;
  facts.too_many = candidates.too_many;
  facts.unknown = candidates.unknown;
  facts.verified_at = now;
  facts.asks_now = asks_now(trust);
  for (const auto& authority : trust.authorities) facts.authorities.push_back({authority.id, {}, {}});

  const Material material = material_for(trust.authorities);
  std::size_t checks = 0;
  for (const Candidate& candidate : candidates.list) {
    const Examined examined = examine(image, candidate, material);
    if (!examined.concern.signatures && trust.reach == Reach::Signatures) continue;
    checks += trust.authorities.size();
    if (checks > limits::kSignatureChecks) {
      facts.too_many = true;
      break;
    }
    ++facts.candidates;
    const auto* claims = std::get_if<SignedClaims>(&examined.claims);
    std::optional<SignerProof> proof;
    if (claims) proof.emplace(content_of(*claims), *trust_, now);
    for (std::size_t i = 0; i < trust.authorities.size(); ++i) {
      const auto& authority = trust.authorities[i];
      if (!examined.concern.includes(authority)) continue;
      Outcome outcome = proof ? check(image, *claims, *proof, authority, now)
                              : Outcome(std::get<Rejection>(examined.claims));
      if (auto* verified = std::get_if<VerifiedSignature>(&outcome))
        facts.authorities[i].verified.push_back(std::move(*verified));
      else
        facts.authorities[i].rejected.push_back(std::get<Rejection>(std::move(outcome)));
    }
  }
  return facts;
}

}  // namespace tegata::verifier
