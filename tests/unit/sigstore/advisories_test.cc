// SPDX-License-Identifier: Apache-2.0
// What went wrong in other verifiers (their published advisories), as far as signatures with
// keys are concerned.
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/signed_material.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

const TestSigner& signer() {
  static const TestSigner one("hand-p256");
  return one;
}

// CVE-2022-36056 (cosign verify-blob): material of another signature made a signature valid.
TEST(Advisory, BundleAnnotationOfAnotherSignatureProvesNothing) {
  const auto good = signed_layer(signer(), payload_for(image()).dump());
  auto forged = signed_layer(TestSigner("hand-other"), payload_for(image()).dump());
  forged.annotations["dev.sigstore.cosign/bundle"] = R"({"SignedEntryTimestamp":"eA==","Payload":{}})";
  forged.annotations["dev.sigstore.cosign/certificate"] = signer().public_key_pem();
  EXPECT_EQ(verdict(forged, signer()), "OtherSigner");
  EXPECT_EQ(verdict(good, signer()), "verified");
}

// CVE-2022-35929, CVE-2022-35930, and cosign 3.1.1 as it is: any attestation counted as a signature.
TEST(Advisory, AttestationByTheTrustedKeyIsNoSignature) {
  for (const char* type :
       {"https://cosign.sigstore.dev/attestation/vuln/v1", "https://slsa.dev/provenance/v1", ""}) {
    json statement = statement_for(image());
    statement["predicateType"] = type;
    EXPECT_EQ(verdict(bundle_candidate(signed_bundle(signer(), statement.dump())), signer()), "none") << type;
  }
}

// CVE-2026-39395 (cosign verify-blob-attestation): a payload that cannot be read was taken as good.
TEST(Advisory, PayloadThatCannotBeReadIsNotVerifiedThoughItsSignatureIsGood) {
  for (const char* payload : {"", "null", "{}", "[]", "\"x\"", "{\"critical\":null}"}) {
    EXPECT_EQ(verdict(signed_layer(signer(), payload), signer()), "PayloadMalformed") << payload;
    EXPECT_EQ(verdict(bundle_candidate(signed_bundle(signer(), payload)), signer()), "PayloadMalformed")
        << payload;
  }
}

// CVE-2024-45395 (sigstore-go): unbounded loops over subjects, digests, entries, timestamps.
TEST(Advisory, EndlessSubjectsAreRefusedThoughTheirSignatureIsGood) {
  json statement = statement_for(image());
  for (std::size_t i = 0; i < limits::kStatementSubjects; ++i)
    statement["subject"].push_back({{"digest", {{"sha256", "x"}}}});
  EXPECT_EQ(verdict(bundle_candidate(signed_bundle(signer(), statement.dump())), signer()), "TooLarge");
}

// CVE-2022-23649 and kin: what a signature is bound to. A copied layer names another image.
TEST(Advisory, SignatureOfAnotherImageIsNotThisImages) {
  EXPECT_EQ(verdict(signed_layer(signer(), payload_for(other_image()).dump()), signer()),
            "PayloadOtherImage");
}

// CVE-2026-44310 (gitsign): an empty list of certificates, and exit code 0.
TEST(Advisory, EmptyListsAreErrors) {
  json bundle = signed_bundle(signer(), statement_for(image()).dump());
  bundle["dsseEnvelope"]["signatures"] = json::array();
  EXPECT_EQ(verdict(bundle_candidate(bundle), signer()), "BundleMalformed");
  json statement = statement_for(image());
  statement["subject"] = json::array();
  EXPECT_EQ(verdict(bundle_candidate(signed_bundle(signer(), statement.dump())), signer()),
            "PayloadMalformed");
  bundle["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2";
  bundle["verificationMaterial"] = {{"x509CertificateChain", {{"certificates", json::array()}}}};
  EXPECT_NE(verdict(bundle_candidate(bundle), signer()), "verified");
}

// kyverno#2739: the signature of an attestation was not checked at all.
TEST(Advisory, UnsignedStatementIsNotVerified) {
  json bundle = signed_bundle(signer(), statement_for(image()).dump());
  for (const char* signature : {"", "eA==", "AAAA"}) {
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = signature;
    EXPECT_EQ(verdict(bundle_candidate(bundle), signer()), "SignatureMalformed") << signature;
  }
}

// The "alg" confusion: what the candidate says about algorithms and keys is not asked.
TEST(Advisory, KeyAndAlgorithmComeFromThePolicyAlone) {
  auto candidate = signed_layer(TestSigner("hand-other"), payload_for(image()).dump());
  candidate.annotations["dev.sigstore.cosign/alg"] = "none";
  EXPECT_EQ(verdict(candidate, signer()), "OtherSigner");
  json bundle = signed_bundle(TestSigner("hand-other"), statement_for(image()).dump());
  bundle["dsseEnvelope"]["signatures"][0]["keyid"] = key_of(signer()).id().hex();
  bundle["verificationMaterial"]["publicKey"]["hint"] = "any";
  EXPECT_EQ(verdict(bundle_candidate(bundle), signer()), "OtherSigner");
}

// A signature's bytes are no identity: ECDSA signatures can be changed into other valid ones, and a
// signer still counts once.
TEST(Advisory, SignaturesOfOneKeyAreAllBySameSigner) {
  const auto material = std::make_shared<TrustMaterial>();
  const auto trust = TrustSettings::of({key_authority(material->add(key_of(signer())), "file")});
  Candidates candidates;
  for (int i = 0; i < 3; ++i) candidates.list.push_back(signed_layer(signer(), payload_for(image()).dump()));
  const auto facts = SignatureVerifier(material).verify_all(image(), candidates, *trust, Time{});
  ASSERT_EQ(facts.authorities.size(), 1U);
  for (const auto& verified : facts.authorities[0].verified)
    EXPECT_EQ(verified.signer(), key_of(signer()).id().text());
}

// GHSA-95pr-fxf5-86gv, CVE-2023-46737 (cosign): see Discovery's tests of kSignatureLayers,
// kReferrers and kCandidateBytes in discover_test.cc.

}  // namespace
}  // namespace tegata::testing
