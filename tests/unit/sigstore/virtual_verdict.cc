// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sigstore/virtual_verdict.h"

#include <stdexcept>

#include "verifier/crypto/hash.h"

namespace tegata::testing {
namespace {

using namespace verifier;

std::optional<std::string> other_than_requested(const std::monostate&, const CertificateIdentity& identity) {
  const SigningRequest as_it_stands;
  if (identity.issuer == as_it_stands.issuer && identity.subject == as_it_stands.identity)
    return std::nullopt;
  return "somebody else";
}

}  // namespace

Digest signed_image() { return sha256("the image"); }

VirtualVerdict::VirtualVerdict(TrustedRoot root, const Asked& asked)
    : authority_{AuthorityId("virtual"), "virtual",
                 CertificateSigner{{std::monostate{}, other_than_requested}, {}}} {
  if (asked.key)
    authority_.signer = KeySigner{material_->add(*PublicKey::parse_der(asked.key->public_key_der()))};
  authority_.proof = {material_->add(std::move(root)), asked.log, asked.timestamp, asked.sct};
  if (asked.predicate_type) authority_.attestation = PredicateDemand{*asked.predicate_type};
}

std::string VirtualVerdict::of(const Digest& image, const Candidate& candidate, Time now) const {
  const auto outcome = SignatureVerifier(material_).verify(image, candidate, authority_, now);
  if (!outcome) return "none";
  if (const auto* rejection = std::get_if<Rejection>(&*outcome))
    return std::string(name_of(rejection->reason));
  return "verified";
}

TrustedRoot read_root(const nlohmann::json& root) {
  auto read = parse_trusted_root(root.dump());
  if (!read.ok()) throw std::runtime_error(read.error().message);
  return *std::move(read);
}

Candidate bundle_candidate(const std::string& json) { return BundleCandidate{sha256(json), json}; }

Candidate signature_candidate(const SignedLayer& layer) {
  return SimpleSigningCandidate{sha256(layer.blob), layer.blob, layer.annotations};
}

Candidate attestation_candidate(const SignedLayer& layer) {
  return EnvelopeCandidate{sha256(layer.blob), layer.blob, layer.annotations};
}

}  // namespace tegata::testing
