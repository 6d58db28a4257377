// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/signature_verifier.h"

#include <algorithm>

#include "policy/model/limits.h"
#include "verifier/json/large_document.h"
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

/// The bytes that are parsed to read it.
std::size_t bytes_of(const Candidate& candidate) {
  std::size_t bytes = 0;
  const auto add = [&bytes](const std::string& text, const std::map<std::string, std::string>& annotations) {
    bytes += text.size();
    for (const auto& [name, value] : annotations) bytes += name.size() + value.size();
  };
  if (const auto* layer = std::get_if<SimpleSigningCandidate>(&candidate))
    add(layer->payload, layer->annotations);
  if (const auto* envelope = std::get_if<EnvelopeCandidate>(&candidate))
    add(envelope->json, envelope->annotations);
  if (const auto* bundle = std::get_if<BundleCandidate>(&candidate)) add(bundle->json, {});
  return bytes;
}

}  // namespace

Outcome SignatureVerifier::check(const Digest& image, const SignedClaims& claims, SignerProof& proof,
                                 const Authority& authority, Time now) {
  auto proven = proof.by(authority);
  if (auto* rejection = std::get_if<Rejection>(&proven)) return about(claims, std::move(*rejection));
  auto statement = statement_of(image, claims, authority, std::get<ProvenSigner>(std::move(proven)));
  if (authority.attestation) {
    if (!WorkBudget::take(work::of_json(claims.payload->size())))
      return about(claims, reject(RejectionReason::TooLarge, beyond_the_work_budget()));
    if (auto rejection = read_predicate(image, claims, *authority.attestation, now, statement))
      return about(claims, *std::move(rejection));
  }
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
  Run run(*this, image, candidates, trust, now);
  while (run.step()) continue;
  return std::move(run).facts();
}

SignatureVerifier::Run::Run(const SignatureVerifier& verifier, const Digest& image,
                            const Candidates& candidates, const TrustSettings& trust, Time now)
    : verifier_(verifier),
      image_(image),
      candidates_(candidates),
      trust_(trust),
      now_(now),
      material_(material_for(trust.authorities)) {
  facts_.too_many = candidates.too_many;
  facts_.unknown = candidates.unknown;
  facts_.verified_at = now;
  facts_.asks_now = asks_now(trust);
  for (const auto& authority : trust.authorities) facts_.authorities.push_back({authority.id, {}, {}});
}

bool SignatureVerifier::Run::step() {
  if (budget_.exceeded()) return false;
  const WorkBudget::Scope scope(budget_);
  const bool more = advance();
  if (!budget_.exceeded()) return more;
  // What the last step found is not whole: it was not kept.
  facts_.too_many = true;
  current_.reset();
  return false;
}

bool SignatureVerifier::Run::advance() {
  if (current_ && current_->next_authority < trust_.authorities.size()) {
    const auto place = current_->next_authority++;
    const LargeDocument large(current_->bytes);
    check(trust_.authorities[place], facts_.authorities[place]);
    return true;
  }
  current_.reset();
  if (next_candidate_ == candidates_.list.size()) return false;
  const auto& candidate = candidates_.list[next_candidate_++];
  const auto bytes = bytes_of(candidate);
  const LargeDocument large(bytes);
  begin(candidate, bytes);
  return true;
}

void SignatureVerifier::Run::begin(const Candidate& candidate, std::size_t bytes) {
  if (!WorkBudget::take(work::kCandidate + work::of_json(bytes))) return;
  current_.emplace(examine(image_, candidate, material_), bytes);
  if (budget_.exceeded()) return;
  const auto& examined = current_->examined;
  if (!examined.concern.signatures && trust_.reach == Reach::Signatures) return current_.reset();
  ++facts_.candidates;
  if (const auto* claims = std::get_if<SignedClaims>(&examined.claims))
    current_->proof.emplace(content_of(*claims), *verifier_.trust_, now_);
}

void SignatureVerifier::Run::check(const Authority& authority, AuthorityFacts& facts) {
  const auto& examined = current_->examined;
  if (!examined.concern.includes(authority) || !WorkBudget::take(work::kCandidate)) return;
  auto outcome = current_->proof ? SignatureVerifier::check(image_, std::get<SignedClaims>(examined.claims),
                                                            *current_->proof, authority, now_)
                                 : Outcome(std::get<Rejection>(examined.claims));
  if (budget_.exceeded()) return;
  if (auto* verified = std::get_if<VerifiedSignature>(&outcome))
    facts.verified.push_back(std::move(*verified));
  else
    facts.rejected.push_back(std::get<Rejection>(std::move(outcome)));
}

}  // namespace tegata::verifier
