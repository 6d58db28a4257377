// SPDX-License-Identifier: Apache-2.0
// How many there may be of a thing: through the whole verifier at the bound, where everything is good, and
// one past it. Of SCTs, alternative names and the size of certificates: tests/unit/crypto.
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/virtual_bytes.h"
#include "tests/unit/sigstore/virtual_verdict.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

constexpr const char* kSlsa = "https://slsa.dev/provenance/v1";

class VerifierLimit : public ::testing::Test {
 protected:
  VirtualSigning sign(const SigningRequest& request = {}) { return world_.sign(signed_image(), request); }
  std::string verdict(const Candidate& candidate, const Asked& asked = {}) const {
    return VirtualVerdict(root_, asked)(candidate);
  }
  std::string verdict(const json& bundle, const Asked& asked = {}) const {
    return verdict(bundle_candidate(bundle.dump()), asked);
  }
  /// Of a statement, as a signature in a bundle and as an attestation in both forms.
  std::vector<std::string> verdicts(json statement) {
    std::vector<std::string> all;
    statement["predicateType"] = "https://sigstore.dev/cosign/sign/v1";
    all.push_back(verdict(sign().envelope(statement.dump()).bundle()));
    statement["predicateType"] = kSlsa;
    Asked asked;
    asked.predicate_type = kSlsa;
    all.push_back(verdict(sign().envelope(statement.dump()).bundle(), asked));
    all.push_back(verdict(attestation_candidate(sign().envelope(statement.dump()).layer()), asked));
    return all;
  }
  static json statement() {
    return {{"_type", "https://in-toto.io/Statement/v1"},
            {"subject", json::array({{{"digest", {{"sha256", signed_image().hex()}}}}})},
            {"predicate", json::object()}};
  }

  VirtualSigstore world_;
  const TrustedRoot root_ = read_root(world_.trusted_root());
  const std::vector<std::string> good_{3, "verified"}, too_large_{3, "TooLarge"};
};

TEST_F(VerifierLimit, OfLogEntries) {
  json bundle = sign().bundle();
  json& entries = bundle["verificationMaterial"]["tlogEntries"];
  const auto add_of_an_unknown_log = [&] {
    json entry = entries[0];
    entry["logId"]["keyId"] = base64(hash_of(std::to_string(entries.size())));
    entries.push_back(std::move(entry));
  };
  while (entries.size() < limits::kBundleLogEntries) add_of_an_unknown_log();
  EXPECT_EQ(verdict(bundle), "verified");
  add_of_an_unknown_log();
  EXPECT_EQ(verdict(bundle), "TooLarge");
}

TEST_F(VerifierLimit, OfTimestamps) {
  const Asked stamped{.timestamp = Demand::Required};
  json bundle = sign({.timestamp = true}).bundle();
  json& timestamps = bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"];
  const json garbage = {{"signedTimestamp", base64("garbage")}};
  while (timestamps.size() < limits::kBundleTimestamps) timestamps.insert(timestamps.begin(), garbage);
  EXPECT_EQ(verdict(bundle, stamped), "verified");
  timestamps.push_back(garbage);
  EXPECT_EQ(verdict(bundle, stamped), "TooLarge");
}

TEST_F(VerifierLimit, OfSubjects) {
  json one = statement();
  json& subjects = one["subject"];
  const json other = {{"digest", {{"sha256", std::string(64, '0')}}}};
  while (subjects.size() < limits::kStatementSubjects) subjects.insert(subjects.begin(), other);
  EXPECT_EQ(verdicts(one), good_);
  subjects.push_back(other);
  EXPECT_EQ(verdicts(one), too_large_);
}

TEST_F(VerifierLimit, OfDigestsOfASubject) {
  json one = statement();
  json& digests = one["subject"][0]["digest"];
  while (digests.size() < limits::kSubjectDigests) digests["hash" + std::to_string(digests.size())] = "x";
  EXPECT_EQ(verdicts(one), good_);
  digests["one more"] = "x";
  EXPECT_EQ(verdicts(one), too_large_);
}

TEST_F(VerifierLimit, OfCertificatesInABundle) {
  const json authority = world_.trusted_root()["certificateAuthorities"][0]["certChain"]["certificates"];
  json bundle = sign().bundle(BundleVersion::V01);
  json& chain = bundle["verificationMaterial"]["x509CertificateChain"]["certificates"];
  while (chain.size() < limits::kCertificateChain) chain.push_back(authority[0]);
  EXPECT_EQ(verdict(bundle), "verified");
  chain.push_back(authority[0]);
  EXPECT_EQ(verdict(bundle), "TooLarge");
}

TEST_F(VerifierLimit, OfCertificatesInAnAnnotation) {
  auto layer = sign().simple_signing();
  auto& chain = layer.annotations.at("dev.sigstore.cosign/chain");
  const std::string one = chain.substr(0, chain.find("-----BEGIN", 1));
  chain.clear();
  for (std::size_t i = 0; i < limits::kCertificateChain; ++i) chain += one;
  EXPECT_EQ(verdict(signature_candidate(layer)), "verified");
  chain += one;
  EXPECT_EQ(verdict(signature_candidate(layer)), "TooLarge");
}

TEST_F(VerifierLimit, OfSignaturesOfAnEnvelope) {
  Asked asked;
  asked.predicate_type = kSlsa;
  json about = statement();
  about["predicateType"] = kSlsa;
  auto layer = sign().envelope(about.dump()).layer();
  // As an attacker would: none of the others is anybody's, and the good one comes last.
  json envelope = json::parse(layer.blob);
  json& signatures = envelope["signatures"];
  while (signatures.size() < limits::kEnvelopeSignatures)
    signatures.insert(signatures.begin(), json{{"keyid", ""}, {"sig", base64("no signature")}});
  EXPECT_TRUE(std::holds_alternative<DsseEnvelope>(read_dsse_envelope(envelope)));
  signatures.insert(signatures.begin(), json{{"keyid", ""}, {"sig", base64("no signature")}});
  const auto read = read_dsse_envelope(envelope);
  ASSERT_TRUE(std::holds_alternative<Rejection>(read));
  EXPECT_EQ(std::get<Rejection>(read).reason, RejectionReason::TooLarge);
  layer.blob = envelope.dump();
  EXPECT_EQ(verdict(attestation_candidate(layer), asked), "TooLarge");
}

TEST_F(VerifierLimit, OfBytesOfABundle) {
  std::string bundle = sign().bundle_json();
  bundle.append(limits::kBundle - bundle.size(), ' ');
  EXPECT_EQ(verdict(bundle_candidate(bundle)), "verified");
  EXPECT_EQ(verdict(bundle_candidate(bundle + ' ')), "TooLarge");
}

TEST_F(VerifierLimit, OfBytesOfASignaturesPayload) {
  const VirtualKey key;
  const Asked by_key{.log = Demand::NotRequired, .key = key};
  const auto of_size = [&](std::size_t size) {
    const auto signing = sign({.bare_key = key, .rekor = Rekor::None});
    std::string payload = signing.simple_signing().blob;
    payload.append(size - payload.size(), ' ');
    return verdict(signature_candidate(signing.simple_signing_of(payload)), by_key);
  };
  EXPECT_EQ(of_size(limits::kSimpleSigningPayload), "verified");
  EXPECT_EQ(of_size(limits::kSimpleSigningPayload + 1), "TooLarge");
}

TEST_F(VerifierLimit, OfLevelsOfAPredicate) {
  const auto of_depth = [](std::size_t levels) {
    json one = statement();
    one["predicate"] = json::parse(std::string(levels - 1, '[') + std::string(levels - 1, ']'));
    return one;
  };
  EXPECT_EQ(verdicts(of_depth(limits::kJsonDepth)), good_);
  EXPECT_EQ(verdicts(of_depth(limits::kJsonDepth + 1)), too_large_);
}

}  // namespace
}  // namespace tegata::testing
