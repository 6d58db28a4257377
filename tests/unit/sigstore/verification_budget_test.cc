// SPDX-License-Identifier: Apache-2.0
// The arithmetic on one image has a bound, however its candidates are made; what is good within it counts.
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/virtual_sigstore.h"
#include "tests/unit/sigstore/signed_material.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/crypto/work_budget.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;

constexpr const char* kPredicate = "https://slsa.dev/provenance/v1";
constexpr auto kAll = limits::kVerificationUnits;

std::optional<std::string> anyone(const std::monostate&, const CertificateIdentity&) { return std::nullopt; }

class VerificationBudget : public ::testing::Test {
 protected:
  Authority by_key(const TestSigner& signer, bool attestation = false) {
    auto authority = key_authority(material_->add(key_of(signer)), "file");
    if (attestation) authority.attestation = PredicateDemand{kPredicate};
    return authority;
  }
  Authority keyless(const VirtualSigstore& world) {
    auto root = parse_trusted_root(world.trusted_root_json());
    Authority authority{AuthorityId("keyless"), "keyless", CertificateSigner{{std::monostate{}, anyone}, {}}};
    authority.proof = {material_->add(*std::move(root)), Demand::Required, Demand::NotRequired,
                       Demand::Required};
    return authority;
  }
  SignatureFacts facts(const Candidates& candidates, std::vector<Authority> authorities) {
    return SignatureVerifier(material_).verify_all(image(), candidates,
                                                   *TrustSettings::of(std::move(authorities)), kSigningTime);
  }
  static json good_envelope(const TestSigner& signer) {
    json statement = statement_for(image());
    statement["predicateType"] = kPredicate;
    return signed_bundle(signer, statement.dump())["dsseEnvelope"];
  }
  static EnvelopeCandidate envelope(const json& document) {
    return {sha256(document.dump()), document.dump(), {}};
  }
  /// An envelope whose 32 signatures have the form that the key asks, and are over something else.
  static EnvelopeCandidate junk(const TestSigner& signer) {
    json document = good_envelope(signer);
    const json other = {{"sig", encode_base64(signer.sign("something else"))}};
    document["signatures"] = json::array();
    for (std::size_t i = 0; i < limits::kEnvelopeSignatures; ++i) document["signatures"].push_back(other);
    return envelope(document);
  }
  static Candidates of(std::size_t count, const Candidate& candidate) {
    Candidates candidates;
    candidates.list.assign(count, candidate);
    return candidates;
  }

  const TestSigner p256_{"hand-p256"}, p384_{"p384"};
  const std::shared_ptr<TrustMaterial> material_ = std::make_shared<TrustMaterial>();
};

TEST_F(VerificationBudget, IsSpentToTheLastUnitAndNoFurther) {
  // A candidate that nothing is checked of: one unit, and one with its authority.
  auto candidates = of(kAll / 2, SimpleSigningCandidate{image(), "{}", {}});
  EXPECT_FALSE(facts(candidates, {by_key(p256_)}).too_many);
  candidates.list.push_back(signed_layer(p256_, payload_for(image()).dump()));
  const auto found = facts(candidates, {by_key(p256_)});
  EXPECT_TRUE(found.too_many);
  EXPECT_EQ(found.candidates, kAll / 2);
  EXPECT_TRUE(found.authorities[0].verified.empty());
}

TEST_F(VerificationBudget, StillFindsWhatIsGoodBeforeItIsSpent) {
  auto candidates = of(600, junk(p384_));
  candidates.list.insert(candidates.list.begin() + 10, envelope(good_envelope(p384_)));
  const auto found = facts(candidates, {by_key(p384_, true)});
  EXPECT_TRUE(found.too_many);
  EXPECT_EQ(found.authorities[0].verified.size(), 1U);
}

/// How many envelopes of 32 signatures by another key of the same kind are checked, for each kind of key.
TEST_F(VerificationBudget, WeighsEveryKindOfKey) {
  const std::vector<std::pair<const char*, std::uint64_t>> table{{"hand-p256", work::kP256},
                                                                 {"p384", 2 * work::kP384},
                                                                 {"p521", 2 * work::kP521},
                                                                 {"rsa4096", work::kRsa},
                                                                 {"ed25519", 2 * work::kEd25519}};
  for (const auto& [trusted, each] : table) {
    const auto one = junk(TestSigner(trusted));
    const auto found = facts(of(1000, one), {by_key(TestSigner(trusted), true)});
    const auto cost = 2 * work::kCandidate + work::of_json(one.json.size()) + 32 * each;
    EXPECT_EQ(found.too_many, 1000 * cost > kAll) << trusted;
    EXPECT_EQ(found.authorities[0].rejected.size(), std::min<std::uint64_t>(1000, kAll / cost)) << trusted;
  }
}

TEST_F(VerificationBudget, CountsEveryAuthority) {
  std::vector<Authority> authorities;
  for (const char* name : {"p384", "p521", "rsa2048"}) authorities.push_back(by_key(TestSigner(name), true));
  const auto found = facts(of(1000, junk(p256_)), authorities);
  EXPECT_TRUE(found.too_many);
  EXPECT_LT(found.candidates, 50U);
}

TEST_F(VerificationBudget, CountsTheBytesOfWhatIsRead) {
  auto large = SimpleSigningCandidate{image(), std::string(1024 * 1024, ' '), {}};
  const auto cost = 2 * work::kCandidate + work::of_json(large.payload.size());
  const auto found = facts(of(kAll / cost + 1, large), {by_key(p256_)});
  EXPECT_TRUE(found.too_many);
  EXPECT_FALSE(facts(of(kAll / cost, large), {by_key(p256_)}).too_many);
}

TEST_F(VerificationBudget, HoldsAThousandGoodSignaturesByAKey) {
  const auto found =
      facts(of(limits::kSignatureLayers, signed_layer(p256_, payload_for(image()).dump())), {by_key(p256_)});
  EXPECT_FALSE(found.too_many);
  EXPECT_EQ(found.authorities[0].verified.size(), limits::kSignatureLayers);
}

TEST_F(VerificationBudget, HoldsKeylessBundlesAndStopsAtAThousandLayers) {
  VirtualSigstore world;
  for (const auto rekor : {Rekor::V1, Rekor::V2}) {
    const auto bundle = world.sign(image(), {.rekor = rekor, .timestamp = true}).bundle_json();
    const auto found = facts(of(64, BundleCandidate{sha256(bundle), bundle}), {keyless(world)});
    EXPECT_FALSE(found.too_many);
    EXPECT_EQ(found.authorities[0].verified.size(), 64U);
  }
  const auto layer = world.sign(image()).simple_signing();
  const auto found = facts(
      of(limits::kSignatureLayers, SimpleSigningCandidate{sha256(layer.blob), layer.blob, layer.annotations}),
      {keyless(world)});
  EXPECT_TRUE(found.too_many);
  EXPECT_GT(found.authorities[0].verified.size(), 200U);
  EXPECT_TRUE(found.authorities[0].rejected.empty()) << "what is cut short is no rejection";
}

/// A certificate that this thread has just parsed costs the same, so that a replay stops where the check did.
TEST_F(VerificationBudget, IsTheSameEachTime) {
  VirtualSigstore world;
  const auto layer = world.sign(image()).simple_signing();
  const auto candidates =
      of(limits::kSignatureLayers, SimpleSigningCandidate{sha256(layer.blob), layer.blob, layer.annotations});
  EXPECT_EQ(facts(candidates, {keyless(world)}).candidates, facts(candidates, {keyless(world)}).candidates);
}

TEST(WorkBudget, RefusesEverythingOnceItIsExceeded) {
  EXPECT_TRUE(WorkBudget::take(1'000'000)) << "no scope, no bound";
  WorkBudget budget(10);
  {
    const WorkBudget::Scope scope(budget);
    EXPECT_TRUE(WorkBudget::take(10));
    EXPECT_FALSE(budget.exceeded());
    EXPECT_FALSE(WorkBudget::take(1));
    EXPECT_FALSE(WorkBudget::take(0));
  }
  EXPECT_TRUE(budget.exceeded());
  EXPECT_TRUE(WorkBudget::take(1));
}

}  // namespace
}  // namespace tegata::testing
