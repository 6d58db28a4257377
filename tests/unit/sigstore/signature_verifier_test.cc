// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/signature_verifier.h"

#include <gtest/gtest.h>

#include <thread>

#include "policy/model/limits.h"
#include "tests/unit/sigstore/signed_material.h"

namespace tegata::testing {
namespace {

using nlohmann::json;
using namespace verifier;
using Way = TestSigner::Way;

class Verifier : public ::testing::Test {
 protected:
  std::shared_ptr<const TrustSettings> trust(const std::vector<const TestSigner*>& signers) {
    std::vector<Authority> authorities;
    for (const auto* signer : signers)
      authorities.push_back(key_authority(material_->add(key_of(*signer)), "file"));
    return TrustSettings::of(std::move(authorities));
  }
  SimpleSigningCandidate layer(const TestSigner& signer) {
    return signed_layer(signer, payload_for(image()).dump());
  }

  const TestSigner first_{"hand-p256"}, second_{"ed25519"};
  const std::shared_ptr<TrustMaterial> material_ = std::make_shared<TrustMaterial>();
  const SignatureVerifier verifier_{material_};
};

TEST_F(Verifier, VerifiesWhatEveryKindOfKeySignsInEveryVariant) {
  const std::pair<const char*, Way> table[] = {
      {"hand-p256", Way::Own}, {"p384", Way::Own},         {"p384", Way::Sha256}, {"p521", Way::Own},
      {"p521", Way::Sha256},   {"rsa2048", Way::Own},      {"rsa3072", Way::Own}, {"rsa4096", Way::Own},
      {"ed25519", Way::Own},   {"ed25519", Way::Ed25519ph}};
  for (const auto& [name, way] : table) {
    const TestSigner signer(name);
    EXPECT_EQ(verdict(signed_layer(signer, payload_for(image()).dump(), way), signer), "verified") << name;
    EXPECT_EQ(verdict(bundle_candidate(signed_bundle(signer, statement_for(image()).dump())), signer),
              "verified");
  }
}

TEST_F(Verifier, SaysWhatASimpleSigningPayloadClaims) {
  json payload = payload_for(image());
  payload["optional"] = {{"env", "prod"}};
  const auto candidate = signed_layer(first_, payload.dump());
  const auto result = outcome(candidate, key_of(first_));
  ASSERT_TRUE(result && std::holds_alternative<VerifiedSignature>(*result));
  const auto& signature = std::get<VerifiedSignature>(*result);
  EXPECT_EQ(signature.image(), image());
  EXPECT_EQ(signature.signer(), key_of(first_).id().text());
  EXPECT_EQ(signature.authority(), AuthorityId(key_of(first_).id()));
  EXPECT_EQ(signature.format(), SignatureFormat::SimpleSigning);
  EXPECT_EQ(signature.docker_reference(), "registry.example/app");
  EXPECT_EQ(signature.annotations().at("env"), "prod");
  EXPECT_EQ(signature.found_in(), candidate.layer);
}

TEST_F(Verifier, SaysWhatABundleClaims) {
  json statement = statement_for(image());
  statement["subject"][0]["annotations"] = {{"env", "prod"}};
  const auto result = outcome(bundle_candidate(signed_bundle(first_, statement.dump())), key_of(first_));
  ASSERT_TRUE(result && std::holds_alternative<VerifiedSignature>(*result));
  const auto& signature = std::get<VerifiedSignature>(*result);
  EXPECT_EQ(signature.format(), SignatureFormat::Bundle);
  EXPECT_EQ(signature.docker_reference(), std::nullopt);
  EXPECT_EQ(signature.annotations().at("env"), "prod");
}

TEST_F(Verifier, HoldsEveryCandidateAgainstEveryAuthority) {
  Candidates candidates;
  candidates.list = {layer(first_), SimpleSigningCandidate{image(), "{}", {}}, layer(second_), layer(first_)};
  candidates.unknown = Error{ErrorCode::Unavailable, "down"};
  const auto settings = trust({&first_, &second_});
  const auto facts = verifier_.verify_all(image(), candidates, *settings, Time{});
  EXPECT_EQ(facts.candidates, 4U);
  EXPECT_EQ(facts.unknown, candidates.unknown);
  EXPECT_FALSE(facts.too_many);
  ASSERT_EQ(facts.authorities.size(), 2U);
  const auto* first = facts.of(key_of(first_).id());
  const auto* second = facts.of(key_of(second_).id());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->verified.size(), 2U);
  EXPECT_EQ(first->rejected.size(), 2U);
  EXPECT_EQ(second->verified.size(), 1U);
  EXPECT_EQ(second->rejected.size(), 3U);
}

TEST_F(Verifier, DoesNotCountWhatIsNoCandidate) {
  json statement = statement_for(image());
  statement["predicateType"] = "https://spdx.dev/Document";
  Candidates candidates;
  candidates.list = {bundle_candidate(signed_bundle(first_, statement.dump()))};
  candidates.too_many = true;
  const auto facts = verifier_.verify_all(image(), candidates, *trust({&first_}), Time{});
  EXPECT_EQ(facts.candidates, 0U);
  EXPECT_TRUE(facts.too_many);
  EXPECT_TRUE(facts.authorities[0].rejected.empty() && facts.authorities[0].verified.empty());
}

TEST_F(Verifier, RefusesToWorkWithAKeyThatWasNotLoaded) {
  const auto settings = TrustSettings::of({key_authority(other_image(), "file")});
  Candidates candidates;
  candidates.list = {layer(first_)};
  EXPECT_THROW((void)verifier_.verify_all(image(), candidates, *settings, Time{}), std::logic_error);
}

TEST_F(Verifier, ChecksInStepsOfOneAuthorityEach) {
  Candidates candidates;
  candidates.list = {layer(first_), SimpleSigningCandidate{image(), "{}", {}}, layer(second_)};
  const auto settings = trust({&first_, &second_});
  const auto whole = verifier_.verify_all(image(), candidates, *settings, Time{});
  SignatureVerifier::Run one(verifier_, image(), candidates, *settings, Time{});
  SignatureVerifier::Run other(verifier_, image(), candidates, *settings, Time{});
  std::size_t steps = 0;
  while (one.step()) {
    ++steps;
    EXPECT_TRUE(other.step());
  }
  EXPECT_FALSE(other.step());
  EXPECT_EQ(steps, candidates.list.size() * (1 + settings->authorities.size()));
  for (auto* run : {&one, &other}) {
    const auto facts = std::move(*run).facts();
    EXPECT_EQ(facts.candidates, whole.candidates);
    ASSERT_EQ(facts.authorities.size(), whole.authorities.size());
    for (std::size_t i = 0; i < facts.authorities.size(); ++i) {
      EXPECT_EQ(facts.authorities[i].verified.size(), whole.authorities[i].verified.size());
      EXPECT_EQ(facts.authorities[i].rejected.size(), whole.authorities[i].rejected.size());
    }
  }
}

TEST_F(Verifier, RunsOnTwoThreadsAtOnce) {
  Candidates candidates;
  candidates.list = {layer(first_), layer(second_),
                     bundle_candidate(signed_bundle(first_, statement_for(image()).dump()))};
  const auto settings = trust({&first_, &second_});
  const auto work = [&] {
    for (int i = 0; i < 50; ++i) {
      const auto facts = verifier_.verify_all(image(), candidates, *settings, Time{});
      EXPECT_EQ(facts.of(key_of(first_).id())->verified.size(), 2U);
      EXPECT_EQ(facts.of(key_of(second_).id())->verified.size(), 1U);
    }
  };
  std::thread one(work), two(work);
  one.join();
  two.join();
}

}  // namespace
}  // namespace tegata::testing
