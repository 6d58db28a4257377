// SPDX-License-Identifier: Apache-2.0
// Every RejectionReason, made by a candidate that deserves it. ContentAbsent and ContentOtherDigest
// come from discovery: see discover_test.cc.
#include <gtest/gtest.h>

#include "tests/support/recorded_signing.h"
#include "tests/unit/sigstore/signed_material.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

constexpr const char* kSignature = "dev.cosignproject.cosign/signature";

std::string recorded_leaf() {
  return encode_base64(recorded_signing("bundle-keyless-gh-rekor1").certificate_der);
}

class RejectionReasons : public ::testing::Test {
 protected:
  SimpleSigningCandidate layer(const std::string& payload) { return signed_layer(signer_, payload); }
  SimpleSigningCandidate layer_with_signature(const std::string& annotation) {
    auto candidate = layer(payload_for(image()).dump());
    candidate.annotations[kSignature] = annotation;
    return candidate;
  }
  std::string of_bundle(const std::string& statement,
                        const std::string& type = "application/vnd.in-toto+json") {
    return verdict(bundle_candidate(signed_bundle(signer_, statement, type)), signer_);
  }

  const TestSigner signer_{"hand-p256"};
  const TestSigner other_{"hand-other"};
};

TEST_F(RejectionReasons, OtherSigner) {
  const Candidate by_other = signed_layer(other_, payload_for(image()).dump());
  EXPECT_EQ(verdict(by_other, other_), "verified");
  EXPECT_EQ(verdict(by_other, signer_), "OtherSigner");
  EXPECT_EQ(verdict(bundle_candidate(signed_bundle(other_, statement_for(image()).dump())), signer_),
            "OtherSigner");
}

TEST_F(RejectionReasons, OtherSignerAlsoWhereTheOthersKeyIsOfAnotherKind) {
  for (const char* name : {"ed25519", "rsa2048", "rsa4096", "p521"})
    EXPECT_EQ(verdict(signed_layer(TestSigner(name), payload_for(image()).dump()), signer_), "OtherSigner")
        << name;
  EXPECT_EQ(verdict(layer(payload_for(image()).dump()), TestSigner("ed25519")), "OtherSigner");
}

TEST_F(RejectionReasons, SignatureAbsent) {
  EXPECT_EQ(verdict(layer_with_signature(""), signer_), "SignatureAbsent");
  auto candidate = layer(payload_for(image()).dump());
  candidate.annotations.clear();
  EXPECT_EQ(verdict(candidate, signer_), "SignatureAbsent");
}

TEST_F(RejectionReasons, SignatureMalformed) {
  const std::string good = layer(payload_for(image()).dump()).annotations.at(kSignature);
  EXPECT_EQ(verdict(layer_with_signature("not base64"), signer_), "SignatureMalformed");
  EXPECT_EQ(verdict(layer_with_signature(good + "\n"), signer_), "SignatureMalformed");
  EXPECT_EQ(verdict(layer_with_signature(encode_base64(*decode_base64(good) + '\0')), signer_),
            "SignatureMalformed");
  EXPECT_EQ(verdict(layer_with_signature(encode_base64("x")), signer_), "SignatureMalformed");
}

TEST_F(RejectionReasons, PayloadMalformed) {
  EXPECT_EQ(verdict(layer("{}"), signer_), "PayloadMalformed");
  EXPECT_EQ(verdict(layer("payload"), signer_), "PayloadMalformed");
  EXPECT_EQ(of_bundle("{}"), "PayloadMalformed");
  EXPECT_EQ(of_bundle("statement"), "PayloadMalformed");
}

TEST_F(RejectionReasons, PayloadOtherType) {
  json payload = payload_for(image());
  payload["critical"]["type"] = "atomic container signature";
  EXPECT_EQ(verdict(layer(payload.dump()), signer_), "PayloadOtherType");
  EXPECT_EQ(of_bundle(statement_for(image()).dump(), "text/plain"), "PayloadOtherType");
  json statement = statement_for(image());
  statement["_type"] = "https://in-toto.io/Statement/v9";
  EXPECT_EQ(of_bundle(statement.dump()), "PayloadOtherType");
}

TEST_F(RejectionReasons, PayloadOtherTypeForAMessageSignatureOverTheManifest) {
  json bundle = signed_bundle(signer_, statement_for(image()).dump());
  bundle.erase("dsseEnvelope");
  bundle["messageSignature"] = {
      {"messageDigest", {{"algorithm", "SHA2_256"}, {"digest", encode_base64(std::string(32, 'x'))}}},
      {"signature", encode_base64(signer_.sign("the image"))}};
  EXPECT_EQ(verdict(bundle_candidate(bundle), signer_), "PayloadOtherType");
}

TEST_F(RejectionReasons, PayloadOtherImage) {
  EXPECT_EQ(verdict(layer(payload_for(other_image()).dump()), signer_), "PayloadOtherImage");
  EXPECT_EQ(of_bundle(statement_for(other_image()).dump()), "PayloadOtherImage");
}

TEST_F(RejectionReasons, TooLarge) {
  json payload = payload_for(image());
  payload["optional"] = {{"note", std::string(1024 * 1024, 'x')}};
  EXPECT_EQ(verdict(layer(payload.dump()), signer_), "TooLarge");
}

TEST_F(RejectionReasons, BundleMalformed) {
  EXPECT_EQ(verdict(BundleCandidate{image(), "{}"}, signer_), "BundleMalformed");
  EXPECT_EQ(verdict(BundleCandidate{image(), "bundle"}, signer_), "BundleMalformed");
}

TEST_F(RejectionReasons, BundleNeedsIdentity) {
  json bundle = signed_bundle(signer_, statement_for(image()).dump());
  bundle["verificationMaterial"] = {{"certificate", {{"rawBytes", recorded_leaf()}}}};
  EXPECT_EQ(verdict(bundle_candidate(bundle), signer_), "BundleNeedsIdentity");
}

TEST_F(RejectionReasons, NameTheBlobThatTheyAreAbout) {
  const auto candidate = layer("{}");
  const auto result = outcome(candidate, key_of(signer_));
  ASSERT_TRUE(result && std::holds_alternative<Rejection>(*result));
  EXPECT_EQ(std::get<Rejection>(*result).candidate, candidate.layer);
}

TEST_F(RejectionReasons, AreNotGivenToABundleOfAnotherPredicateType) {
  json statement = statement_for(image());
  statement["predicateType"] = "https://slsa.dev/provenance/v1";
  EXPECT_EQ(of_bundle(statement.dump()), "none");
  json bundle = signed_bundle(other_, statement.dump());
  EXPECT_EQ(verdict(bundle_candidate(bundle), signer_), "none");
  bundle["verificationMaterial"] = {{"certificate", {{"rawBytes", recorded_leaf()}}}};
  EXPECT_EQ(verdict(bundle_candidate(bundle), signer_), "none");
}

}  // namespace
}  // namespace tegata::testing
