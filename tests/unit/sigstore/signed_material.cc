// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sigstore/signed_material.h"

#include "verifier/crypto/hash.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::testing {

using nlohmann::json;
using namespace verifier;

Digest image() { return sha256("the image"); }
Digest other_image() { return sha256("another image"); }

json payload_for(const Digest& digest) {
  return {{"critical",
           {{"identity", {{"docker-reference", "registry.example/app"}}},
            {"image", {{"docker-manifest-digest", digest.text()}}},
            {"type", "cosign container image signature"}}},
          {"optional", nullptr}};
}

SimpleSigningCandidate signed_layer(const TestSigner& signer, const std::string& payload,
                                    TestSigner::Way way) {
  return {sha256(payload),
          payload,
          {{"dev.cosignproject.cosign/signature", encode_base64(signer.sign(payload, way))}}};
}

json statement_for(const Digest& digest) {
  return {{"_type", "https://in-toto.io/Statement/v1"},
          {"subject", json::array({{{"digest", {{"sha256", digest.hex()}}}}})},
          {"predicateType", "https://sigstore.dev/cosign/sign/v1"},
          {"predicate", json::object()}};
}

json signed_bundle(const TestSigner& signer, const std::string& statement, const std::string& payload_type) {
  const std::string signature = signer.sign(pre_authentication_encoding(payload_type, statement));
  return {{"mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json"},
          {"verificationMaterial", {{"publicKey", {{"hint", "aGludA=="}}}}},
          {"dsseEnvelope",
           {{"payload", encode_base64(statement)},
            {"payloadType", payload_type},
            {"signatures", json::array({{{"sig", encode_base64(signature)}}})}}}};
}

BundleCandidate bundle_candidate(const json& bundle) {
  const std::string text = bundle.dump();
  return {sha256(text), text};
}

PublicKey key_of(const TestSigner& signer) { return *PublicKey::parse_pem(signer.public_key_pem()); }

std::optional<SignatureVerifier::Outcome> outcome(const Candidate& candidate, const PublicKey& key) {
  auto material = std::make_shared<TrustMaterial>();
  const auto authority = key_authority(material->add(key), "key");
  return SignatureVerifier(std::move(material)).verify(image(), candidate, authority, Time{});
}

std::shared_ptr<const TrustMaterial> material_of(const TestSigner& signer) {
  auto material = std::make_shared<TrustMaterial>();
  material->add(key_of(signer));
  return material;
}

std::string verdict(const Candidate& candidate, const TestSigner& signer) {
  const auto result = outcome(candidate, key_of(signer));
  if (!result) return "none";
  if (std::holds_alternative<VerifiedSignature>(*result)) return "verified";
  return std::string(name_of(std::get<Rejection>(*result).reason));
}

}  // namespace tegata::testing
