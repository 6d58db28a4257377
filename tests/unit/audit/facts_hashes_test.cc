// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/facts_hashes.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/audit/sample_records.h"
#include "verifier/crypto/hash.h"
#include "verifier/evidence/fact_record.h"

namespace tegata::webhook {
namespace {

std::string made_again(const ImageFacts& facts) {
  return verifier::sha256(verifier::facts_text(facts)).hex();
}

TEST(FactsHashes, AreThoseOfTheTextAlsoWhenRemembered) {
  FactsHashes hashes(8);
  const auto facts = sample_facts("registry.example/a:1", "{}");
  EXPECT_EQ(hashes.hash_of(facts), made_again(facts));
  EXPECT_EQ(hashes.hash_of(facts), made_again(facts));
}

TEST(FactsHashes, DoNotOutliveTheAnswers) {
  FactsHashes hashes(8);
  // The answers of one round are freed before the next, whose answers often have the same addresses.
  for (int i = 0; i < 100; ++i) {
    const auto facts = sample_facts("registry.example/a:1", std::to_string(i));
    ASSERT_EQ(hashes.hash_of(facts), made_again(facts)) << i;
  }
}

TEST(FactsHashes, AreRightBeyondTheirBound) {
  FactsHashes hashes(2);
  const auto a = sample_facts("registry.example/a:1", "{}");
  const auto b = sample_facts("registry.example/b:1", "{}");
  const auto c = sample_facts("registry.example/c:1", "{}");
  for (const auto* facts : {&a, &b, &c, &a, &b}) EXPECT_EQ(hashes.hash_of(*facts), made_again(*facts));
}

}  // namespace
}  // namespace tegata::webhook
