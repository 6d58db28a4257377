// SPDX-License-Identifier: Apache-2.0
// Negative space of the whole verifier: of a candidate that is good one byte of one input is changed,
// and it is no VerifiedSignature any more. What may change is named, each with why nothing covers it.
#include <gtest/gtest.h>

#include "tests/unit/sigstore/flipped_leaves.h"
#include "tests/unit/sigstore/virtual_verdict.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;
using Embed = VirtualTimestampAuthority::Embed;
using ToCandidate = std::function<Candidate(const json&)>;

const Asked kLogged{};
const Asked kStamped{.timestamp = Demand::Required};
constexpr const char* kSlsa = "https://slsa.dev/provenance/v1";
constexpr const char* kTimestamp = "signedTimestamp";
constexpr const char* kTimestampAnnotation = "SignedRFC3161Timestamp";
constexpr const char* kCheckpoint = "checkpoint/envelope";

Candidate of_bundle(const json& document) { return bundle_candidate(document.dump()); }

/// A layer as a document: annotations that are JSON as JSON.
json document_of(const SignedLayer& layer) {
  json document = {{"blob", layer.blob}, {"annotations", layer.annotations}};
  for (auto& annotation : document["annotations"])
    if (const auto text = annotation.get<std::string>(); text.starts_with('{'))
      annotation = json::parse(text);
  return document;
}

SignedLayer layer_of(const json& document) {
  SignedLayer layer{document.value("blob", ""), {}};
  const auto annotations = document.find("annotations");
  if (annotations == document.end()) return layer;
  for (const auto& [name, value] : annotations->items())
    layer.annotations[name] = value.is_string() ? value.get<std::string>() : value.dump();
  return layer;
}

Candidate of_signature(const json& document) { return signature_candidate(layer_of(document)); }
Candidate of_attestation(const json& document) { return attestation_candidate(layer_of(document)); }

/// The one bit of a tag of SEQUENCE, SET or [0] in a token that OpenSSL does not read (constructed): the
/// attributes are hashed as if it stood there, so that nothing else is said with it or without it.
bool is_constructed_bit(const json& good, const Flip& flip) {
  if (flip.of != Flip::Of::Bytes || flip.at % 8 != 5) return false;
  if (!flip.pointer.ends_with(kTimestamp) && !flip.pointer.ends_with(kTimestampAnnotation)) return false;
  const auto& text = good[json::json_pointer(flip.pointer)].get_ref<const std::string&>();
  const char tag = decode_base64(text)->at(flip.at);
  return tag == '\x30' || tag == '\x31' || tag == '\xa0';
}

class FlippedStage : public ::testing::Test {
 protected:
  VirtualSigning sign(const SigningRequest& request = {}) { return world_.sign(signed_image(), request); }

  void expect_covered(const json& good, const ToCandidate& candidate, const Asked& asked,
                      const std::vector<Uncovered>& uncovered = {}) {
    const VirtualVerdict verdict(root_, asked);
    ASSERT_EQ(verdict(candidate(good)), "verified");
    int tried = 0;
    flip_each_leaf(good, [&](const Flip& flip, const json& document) {
      if (is_uncovered(good, flip, uncovered) || is_uncovered(good, flip, in_tokens_) ||
          is_constructed_bit(good, flip))
        return;
      ++tried;
      EXPECT_NE(verdict(candidate(document)), "verified")
          << flip.pointer << " at " << flip.at << ", kind " << static_cast<int>(flip.of);
    });
    EXPECT_GT(tried, 500);
  }

  /// Of a token: certificates in it are no part of what is signed, and the root has the authority's own.
  Uncovered embedded_leaf() const {
    const json& leaf = document_["timestampAuthorities"][0]["certChain"]["certificates"][0]["rawBytes"];
    return {kTimestamp, *decode_base64(leaf.get<std::string>())};
  }

  VirtualSigstore world_;
  const json document_ = world_.trusted_root();
  const TrustedRoot root_ = read_root(document_);
  // Of the log's own line in a checkpoint of Rekor v1 the key's id counts, not the name: Rekor's operators
  // choose it, and no root says what it is.
  const Uncovered name_of_v1_{kCheckpoint, "\u2014 rekor.virtual "};
  // A token's signer is found by this name, in which upper and lower case are the same (RFC 5280, 7.1); who
  // signed says the hash of the certificate. The status, granted or grantedWithMods, is signed by nobody.
  const std::vector<Uncovered> in_tokens_ = {{kTimestamp, "virtual tsa intermediate"},
                                             {kTimestampAnnotation, "virtual tsa intermediate"},
                                             {kTimestamp, std::string("\x30\x03\x02\x01\x00", 5)},
                                             {kTimestampAnnotation, std::string("\x30\x03\x02\x01\x00", 5)}};
};

TEST_F(FlippedStage, OfABundleWithAnEntryOfRekorV1) {
  expect_covered(sign().bundle(), of_bundle, kLogged, {name_of_v1_});
}

TEST_F(FlippedStage, OfABundleOfV01) {
  expect_covered(sign().bundle(BundleVersion::V01), of_bundle, kLogged, {name_of_v1_});
}

TEST_F(FlippedStage, OfABundleWithATimestampBesideTheLog) {
  expect_covered(sign({.timestamp = true, .embed = Embed::Nothing}).bundle(), of_bundle, kStamped,
                 {name_of_v1_});
}

TEST_F(FlippedStage, OfABundleWithAnEntryOfRekorV2) {
  const json bundle = sign({.rekor = Rekor::V2, .timestamp = true}).bundle();
  const json& entry = bundle["verificationMaterial"]["tlogEntries"][0];
  const auto checkpoint = entry["inclusionProof"]["checkpoint"]["envelope"].get<std::string>();
  // The witness signs for those who ask for witnesses; nobody does.
  const auto witness = checkpoint.rfind("\u2014 ");
  ASSERT_NE(checkpoint.find("witness", witness), std::string::npos);
  expect_covered(bundle, of_bundle, kStamped, {embedded_leaf(), {kCheckpoint, checkpoint.substr(witness)}});
}

TEST_F(FlippedStage, OfABundleByAKeyWithALog) {
  const VirtualKey key;
  // The hint helps those who have many keys to find the right one.
  expect_covered(sign({.bare_key = key}).bundle(), of_bundle, {.key = key},
                 {name_of_v1_, {"publicKey/hint", ""}, {"verificationMaterial/publicKey", ""}});
}

TEST_F(FlippedStage, OfASignatureLayerWithALogEntry) {
  // Intermediates come from the root; those in the chain help to build a path, and are not needed here.
  expect_covered(document_of(sign().simple_signing()), of_signature, kLogged,
                 {{"dev.sigstore.cosign~1chain", ""}});
}

TEST_F(FlippedStage, OfASignatureLayerWithATimestampAlone) {
  const SigningRequest request{.rekor = Rekor::None, .timestamp = true};
  expect_covered(document_of(sign(request).simple_signing()), of_signature,
                 {.log = Demand::NotRequired, .timestamp = Demand::Required},
                 {{"dev.sigstore.cosign~1chain", ""}, {kTimestampAnnotation, embedded_leaf().what}});
}

TEST_F(FlippedStage, OfASignatureLayerByAKeyWithALog) {
  const VirtualKey key;
  expect_covered(document_of(sign({.bare_key = key}).simple_signing()), of_signature, {.key = key});
}

TEST_F(FlippedStage, OfAnAttestationLayer) {
  Asked asked = kStamped;
  asked.predicate_type = kSlsa;
  // What stands in the annotations beside the material is signed by nobody and not looked at.
  expect_covered(document_of(sign({.timestamp = true, .embed = Embed::Nothing}).attestation(kSlsa).layer()),
                 of_attestation, asked,
                 {{"dev.sigstore.cosign~1chain", ""},
                  {"annotations/predicateType", ""},
                  {"dev.cosignproject.cosign~1signature", ""}});
}

TEST_F(FlippedStage, OfTheImagesDigest) {
  const auto signing = sign({.timestamp = true});
  Asked attested = kLogged;
  attested.predicate_type = kSlsa;
  const auto attestation = signing.attestation(kSlsa);
  const std::vector<std::pair<Candidate, Asked>> all = {
      {bundle_candidate(signing.bundle_json()), kLogged},
      {signature_candidate(signing.simple_signing()), kLogged},
      {bundle_candidate(attestation.bundle_json()), attested},
      {attestation_candidate(attestation.layer()), attested}};
  for (const auto& [candidate, asked] : all) {
    const VirtualVerdict verdict(root_, asked);
    ASSERT_EQ(verdict(candidate), "verified");
    for (std::size_t i = 0; i < 32; ++i) {
      Digest::Bytes bytes = signed_image().bytes();
      bytes[i] ^= 1;
      EXPECT_EQ(verdict.of(Digest(bytes), candidate), "PayloadOtherImage") << i;
    }
  }
}

}  // namespace
}  // namespace tegata::testing
