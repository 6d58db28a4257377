// SPDX-License-Identifier: Apache-2.0
// anyOf, allOf and threshold over every combination of up to four answers, against a model that
// counts, and against the sentences of design.md, section 4.
#include <gmock/gmock.h>

#include "policy/rules/signer_rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using Combine = SignatureCheck::Combine;
using Answer = AuthorityAnswer;
using Answers = std::vector<Answer>;

SignatureCheck combining(Combine combine, std::size_t threshold = 1) {
  SignatureCheck check;
  check.combine = combine;
  check.threshold = threshold;
  return check;
}

struct Counts {
  std::size_t satisfied = 0, unknown = 0, violates = 0, missing = 0;
};

Counts counted(const Answers& answers) {
  Counts counts;
  for (const auto answer : answers) {
    counts.satisfied += answer == Answer::Satisfied ? 1 : 0;
    counts.unknown += answer == Answer::Unknown ? 1 : 0;
    counts.violates += answer == Answer::Violates ? 1 : 0;
    counts.missing += answer == Answer::Missing ? 1 : 0;
  }
  return counts;
}

Answer best(const Counts& counts) {
  if (counts.satisfied > 0) return Answer::Satisfied;
  if (counts.unknown > 0) return Answer::Unknown;
  return counts.violates > 0 ? Answer::Violates : Answer::Missing;
}

Answer worst(const Counts& counts) {
  if (counts.missing > 0) return Answer::Missing;
  if (counts.violates > 0) return Answer::Violates;
  return counts.unknown > 0 ? Answer::Unknown : Answer::Satisfied;
}

Answer by_threshold(const Counts& counts, std::size_t wanted) {
  if (counts.satisfied >= wanted) return Answer::Satisfied;
  if (counts.satisfied + counts.unknown >= wanted) return Answer::Unknown;
  return counts.satisfied + counts.violates > 0 ? Answer::Violates : Answer::Missing;
}

/// Every list of one to four answers.
std::vector<Answers> all_lists() {
  std::vector<Answers> lists;
  for (std::size_t size = 1; size <= 4; ++size)
    for (std::size_t code = 0; code < (std::size_t{1} << (2 * size)); ++code) {
      Answers answers;
      for (std::size_t i = 0; i < size; ++i) answers.push_back(static_cast<Answer>(code >> (2 * i) & 3));
      lists.push_back(answers);
    }
  return lists;
}

TEST(SignatureLattice, AgreesWithACountInEveryCombination) {
  int compared = 0;
  for (const auto& answers : all_lists()) {
    const auto counts = counted(answers);
    ASSERT_EQ(combined(combining(Combine::AnyOf), answers), best(counts));
    ASSERT_EQ(combined(combining(Combine::AllOf), answers), worst(counts));
    for (std::size_t wanted = 1; wanted <= answers.size(); ++wanted, ++compared)
      ASSERT_EQ(combined(combining(Combine::Threshold, wanted), answers), by_threshold(counts, wanted));
  }
  EXPECT_EQ(compared, 4 * 1 + 16 * 2 + 64 * 3 + 256 * 4);
}

TEST(SignatureLattice, IsSatisfiedByOneWhereOneIsAskedAndByAllWhereAllAre) {
  for (const auto& answers : all_lists()) {
    const auto counts = counted(answers);
    EXPECT_EQ(combined(combining(Combine::AnyOf), answers) == Answer::Satisfied, counts.satisfied > 0);
    EXPECT_EQ(combined(combining(Combine::AllOf), answers) == Answer::Satisfied,
              counts.satisfied == answers.size());
  }
}

TEST(SignatureLattice, NeverGetsBetterWhenAnAnswerGetsWorse) {
  for (const auto& answers : all_lists())
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (answers[i] != Answer::Satisfied) continue;
      auto worse = answers;
      worse[i] = Answer::Violates;
      for (const auto combine : {Combine::AnyOf, Combine::AllOf})
        EXPECT_GE(combined(combining(combine), worse), combined(combining(combine), answers));
      const auto two = combining(Combine::Threshold, 2);
      EXPECT_TRUE(combined(two, answers) == Answer::Satisfied || combined(two, worse) != Answer::Satisfied);
    }
}

/// What one authority's candidates say: every combination of what can be known.
TEST(AuthorityAnswer, FollowsTheOrderOfTheSentence) {
  using tegata::testing::digest_of;
  using tegata::testing::SignatureForger;
  const Accepts any = [](const VerifiedSignature&) { return true; };
  for (int code = 0; code < 16; ++code) {
    const bool good = (code & 1) != 0, unknown = (code & 2) != 0, bad = (code & 4) != 0,
               flood = (code & 8) != 0;
    AuthorityFacts authority{digest_of(1), {}, {}};
    if (good) authority.verified.push_back(SignatureForger::forge(digest_of(9), digest_of(1)));
    if (bad) authority.rejected.push_back({RejectionReason::OtherSigner, "", std::nullopt});
    auto facts = tegata::testing::facts_of({authority});
    if (unknown) facts.unknown = Error{ErrorCode::Unavailable, ""};
    facts.too_many = flood;
    const Answer expected = good      ? Answer::Satisfied
                            : flood   ? Answer::Violates
                            : unknown ? Answer::Unknown
                            : bad     ? Answer::Violates
                                      : Answer::Missing;
    EXPECT_EQ(answer_of(digest_of(1), any, digest_of(9), facts), expected) << code;
  }
}

using tegata::testing::digest_of;

/// `verified[i]` is what authority i + 1 holds, each signature by the signer of that number.
SignatureFacts signed_by_whom(const std::vector<std::vector<std::uint8_t>>& verified) {
  std::vector<AuthorityFacts> authorities;
  for (std::size_t i = 0; i < verified.size(); ++i) {
    const auto authority = digest_of(static_cast<std::uint8_t>(i + 1));
    authorities.push_back({authority, {}, {}});
    for (const auto signer : verified[i])
      authorities.back().verified.push_back(
          tegata::testing::SignatureForger::forge_by({.image = digest_of(9),
                                                      .authority = authority,
                                                      .signer = std::to_string(signer),
                                                      .found_in = digest_of(7)}));
  }
  return tegata::testing::facts_of(std::move(authorities));
}

Answer threshold_answer(std::size_t threshold, const std::vector<std::vector<std::uint8_t>>& verified,
                        bool unknown = false) {
  const auto check = sample::signed_by({1, 2, 3}, Combine::Threshold, threshold);
  auto facts = signed_by_whom(verified);
  if (unknown) facts.unknown = Error{ErrorCode::Unavailable, ""};
  return combined(check, answers_of(
                             check, [](const VerifiedSignature&) { return true; }, digest_of(9), facts));
}

TEST(Threshold, CountsASignerOnceHoweverManyAuthoritiesTrustIt) {
  EXPECT_EQ(threshold_answer(2, {{1}, {1}, {}}), Answer::Violates);
  EXPECT_EQ(threshold_answer(2, {{1}, {2}, {}}), Answer::Satisfied);
  EXPECT_EQ(threshold_answer(2, {{1, 2}, {1}, {}}), Answer::Satisfied);
  EXPECT_EQ(threshold_answer(2, {{1}, {1, 2}, {}}), Answer::Satisfied);
  EXPECT_EQ(threshold_answer(3, {{1, 2}, {1}, {2, 3}}), Answer::Satisfied);
  EXPECT_EQ(threshold_answer(3, {{1, 2}, {1}, {2}}), Answer::Violates);
  EXPECT_EQ(threshold_answer(2, {{1, 2, 3}, {}, {}}), Answer::Violates);
}

TEST(Threshold, ASignerThatIsCountedAlreadyLeavesItsOtherAuthorityUnknownWhereSomethingIs) {
  EXPECT_EQ(threshold_answer(2, {{1}, {1}, {}}, true), Answer::Unknown);
}

TEST(AllOf, IsContentWithOneSignerThatAllAuthoritiesTrust) {
  const auto check = sample::signed_by({1, 2}, Combine::AllOf);
  EXPECT_EQ(combined(check, answers_of(
                                check, [](const VerifiedSignature&) { return true; }, digest_of(9),
                                signed_by_whom({{1}, {1}}))),
            Answer::Satisfied);
}

}  // namespace
}  // namespace tegata::policy
