// SPDX-License-Identifier: Apache-2.0
// When facts are known good, and so kept for long: when the rule that asked is satisfied by them.
#include <gtest/gtest.h>

#include "policy/rules/rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::authority_of;
using tegata::testing::digest_of;
using tegata::testing::facts_of;
using tegata::testing::SignatureForger;
using Combine = SignatureCheck::Combine;

const Digest kImage = digest_of(0x11);

AuthorityFacts verified(std::uint8_t key, std::map<std::string, std::string> annotations = {}) {
  return {digest_of(key), {SignatureForger::forge(kImage, digest_of(key), std::move(annotations))}, {}};
}
AuthorityFacts nothing(std::uint8_t key) { return {digest_of(key), {}, {}}; }

std::shared_ptr<const TrustSettings> trust_of(const SignatureCheck& check) {
  return TrustSettings::of(check.trust->authorities, sufficiency_of(check));
}

TEST(Sufficiency, IsOneOfAnyOfAndEachOfAllOf) {
  const auto one = facts_of({verified(1), nothing(2)});
  EXPECT_TRUE(trust_of(signed_by({1, 2}))->suffices(kImage, one));
  EXPECT_FALSE(trust_of(signed_by({1, 2}, Combine::AllOf))->suffices(kImage, one));
  EXPECT_FALSE(trust_of(signed_by({1, 2}, Combine::Threshold, 2))->suffices(kImage, one));
  EXPECT_TRUE(
      trust_of(signed_by({1, 2}, Combine::AllOf))->suffices(kImage, facts_of({verified(1), verified(2)})));
}

TEST(Sufficiency, AsksForTheAnnotationsOfTheRule) {
  auto check = signed_by({1});
  check.annotations = {{"env", "prod"}};
  EXPECT_FALSE(trust_of(check)->suffices(kImage, facts_of({verified(1, {{"env", "dev"}})})));
  EXPECT_TRUE(trust_of(check)->suffices(kImage, facts_of({verified(1, {{"env", "prod"}})})));
}

TEST(Sufficiency, IsNeverThereWhereSomethingCouldNotBeRead) {
  auto facts = facts_of({verified(1)});
  facts.unknown = Error{ErrorCode::Unavailable, "down"};
  EXPECT_FALSE(trust_of(signed_by({1}))->suffices(kImage, facts));
  EXPECT_FALSE(TrustSettings::of({})->suffices(kImage, facts_of({})));
}

TEST(Sufficiency, NamesWhatItAsks) {
  auto check = signed_by({1});
  const auto plain = trust_of(check)->id;
  check.annotations = {{"env", "prod"}};
  EXPECT_NE(trust_of(check)->id, plain);
  EXPECT_EQ(trust_of(signed_by({1}))->id, plain);
}

TEST(Sufficiency, OfTwoRulesIsThatOfBoth) {
  const auto both = TrustSettings::both(*trust_of(signed_by({1})), *trust_of(signed_by({2})));
  EXPECT_EQ(both->authorities.size(), 2u);
  EXPECT_FALSE(both->suffices(kImage, facts_of({verified(1), nothing(2)})));
  EXPECT_TRUE(both->suffices(kImage, facts_of({verified(1), verified(2)})));
}

}  // namespace
}  // namespace tegata::policy
