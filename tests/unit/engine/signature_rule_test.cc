// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "policy/rules/rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using tegata::testing::facts_of;
using tegata::testing::known_image;
using tegata::testing::SignatureForger;
using ::testing::HasSubstr;
using Combine = SignatureCheck::Combine;

const Digest kImage = digest_of(0x11);

RawFindings judged(const SignatureCheck& check, const SignatureFacts& facts) {
  const auto image = reference(pinned_image());
  const auto known = known_image(image, facts);
  return judge(check, {image, &known, Lookup::Allowed});
}

std::string told(const RawFindings& findings) {
  if (findings.empty()) return "fine";
  const auto reason = findings.at(0).reason;
  return std::string(name_of(finding_kind_of(reason))) + " " + std::string(name_of(reason));
}

VerifiedSignature by(std::uint8_t key, std::map<std::string, std::string> annotations = {},
                     std::optional<std::string> name = std::nullopt) {
  return SignatureForger::forge(kImage, digest_of(key), std::move(annotations), std::move(name));
}
AuthorityFacts verified(std::uint8_t key) { return {digest_of(key), {by(key)}, {}}; }
AuthorityFacts rejected(std::uint8_t key, std::vector<RejectionReason> reasons) {
  AuthorityFacts facts{digest_of(key), {}, {}};
  for (const auto reason : reasons) facts.rejected.push_back({reason, "why", std::nullopt});
  return facts;
}
AuthorityFacts nothing(std::uint8_t key) { return {digest_of(key), {}, {}}; }

TEST(SignatureRule, IsSatisfiedByATrustedSignature) {
  EXPECT_EQ(told(judged(signed_by({1}), facts_of({verified(1)}))), "fine");
  EXPECT_EQ(told(judged(signed_by({1, 2}), facts_of({nothing(1), verified(2)}))), "fine");
}

TEST(SignatureRule, DoesNotTakeASignatureForAnotherDigestOrOfAnotherKey) {
  auto other_image = facts_of({nothing(1)});
  other_image.authorities[0].verified = {SignatureForger::forge(digest_of(0x12), digest_of(1))};
  EXPECT_EQ(told(judged(signed_by({1}), other_image)), "violates SignatureInvalid");
  auto other_key = facts_of({nothing(1)});
  other_key.authorities[0].verified = {by(2)};
  EXPECT_EQ(told(judged(signed_by({1}), other_key)), "violates SignatureInvalid");
}

TEST(SignatureRule, TellsTheFirstReasonThatApplies) {
  const std::vector<std::pair<std::vector<RejectionReason>, std::string>> cases{
      {{}, "missing SignatureMissing"},
      {{RejectionReason::OtherSigner}, "violates SignatureByOtherSigner"},
      {{RejectionReason::BundleNeedsIdentity}, "violates SignatureByOtherSigner"},
      {{RejectionReason::PayloadMalformed, RejectionReason::OtherSigner}, "violates SignatureByOtherSigner"},
      {{RejectionReason::SignatureAbsent}, "violates SignatureInvalid"},
      {{RejectionReason::SignatureMalformed}, "violates SignatureInvalid"},
      {{RejectionReason::PayloadMalformed}, "violates SignatureInvalid"},
      {{RejectionReason::PayloadOtherType}, "violates SignatureInvalid"},
      {{RejectionReason::PayloadOtherImage}, "violates SignatureInvalid"},
      {{RejectionReason::TooLarge}, "violates SignatureInvalid"},
      {{RejectionReason::ContentAbsent}, "violates SignatureInvalid"},
      {{RejectionReason::ContentOtherDigest}, "violates SignatureInvalid"},
      {{RejectionReason::BundleMalformed}, "violates SignatureInvalid"},
  };
  for (const auto& [rejections, words] : cases)
    EXPECT_EQ(told(judged(signed_by({1}), facts_of({rejected(1, rejections)}))), words);
}

TEST(SignatureRule, TellsSignaturesTooFewWhereSomeAreSatisfied) {
  const auto facts = facts_of({verified(1), rejected(2, {RejectionReason::OtherSigner})});
  EXPECT_EQ(told(judged(signed_by({1, 2}, Combine::AllOf), facts)), "violates SignaturesTooFew");
  EXPECT_EQ(told(judged(signed_by({1, 2}, Combine::Threshold, 2), facts)), "violates SignaturesTooFew");
  EXPECT_EQ(told(judged(signed_by({1, 2}, Combine::Threshold, 1), facts)), "fine");
}

TEST(SignatureRule, TakesMoreCandidatesThanTheBoundForAViolationWhateverElse) {
  auto facts = facts_of({rejected(1, {RejectionReason::OtherSigner})});
  facts.too_many = true;
  EXPECT_EQ(told(judged(signed_by({1}), facts)), "violates TooManyCandidates");
  facts.unknown = Error{ErrorCode::Unavailable, "cut short"};
  EXPECT_EQ(told(judged(signed_by({1}), facts)), "violates TooManyCandidates");
  auto good = facts_of({verified(1)});
  good.too_many = true;
  EXPECT_EQ(told(judged(signed_by({1}), good)), "fine");
}

TEST(SignatureRule, IsUnknownOnlyWhereNoSignatureSettlesIt) {
  auto facts = facts_of({verified(1), nothing(2)});
  facts.unknown = Error{ErrorCode::RateLimited, "429"};
  EXPECT_EQ(told(judged(signed_by({1, 2}), facts)), "fine");
  EXPECT_EQ(told(judged(signed_by({2}), facts)), "unknown RegistryRateLimited");
  EXPECT_EQ(told(judged(signed_by({1, 2}, Combine::AllOf), facts)), "unknown RegistryRateLimited");
}

TEST(SignatureRule, AsksEveryAnnotationWithTheSameValue) {
  auto check = signed_by({1});
  check.annotations = {{"env", "prod"}, {"team", "pay"}};
  const auto with = [&](std::map<std::string, std::string> annotations) {
    return told(judged(check, facts_of({{digest_of(1), {by(1, std::move(annotations))}, {}}})));
  };
  EXPECT_EQ(with({{"env", "prod"}, {"team", "pay"}, {"more", "x"}}), "fine");
  EXPECT_EQ(with({{"env", "prod"}}), "violates SignatureClaimMismatch");
  EXPECT_EQ(with({{"env", "prod"}, {"team", "PAY"}}), "violates SignatureClaimMismatch");
  EXPECT_EQ(with({}), "violates SignatureClaimMismatch");
}

TEST(SignatureRule, DoesNotPutClaimsOfTwoSignaturesTogether) {
  auto check = signed_by({1});
  check.annotations = {{"env", "prod"}, {"team", "pay"}};
  AuthorityFacts authority{digest_of(1), {by(1, {{"env", "prod"}}), by(1, {{"team", "pay"}})}, {}};
  EXPECT_EQ(told(judged(check, facts_of({authority}))), "violates SignatureClaimMismatch");
}

TEST(SignatureRule, ComparesTheDockerReferencesRepository) {
  auto check = signed_by({1});
  check.identity = glob("h.example/**");
  const auto with = [&](std::optional<std::string> name) {
    return told(judged(check, facts_of({{digest_of(1), {by(1, {}, std::move(name))}, {}}})));
  };
  EXPECT_EQ(with("h.example/app"), "fine");
  EXPECT_EQ(with("H.example:443/app:v1"), "fine");
  EXPECT_EQ(with("evil.example/app"), "violates SignatureClaimMismatch");
  EXPECT_EQ(with("h.example/No Name"), "violates SignatureClaimMismatch");
  EXPECT_EQ(with(""), "violates SignatureClaimMismatch");
  EXPECT_EQ(with(std::nullopt), "violates SignatureClaimMismatch");
}

TEST(SignatureRule, TellsWhenARefusalWasLookedUp) {
  const auto image = reference(pinned_image());
  auto facts = facts_of({{digest_of(1), {}, {}}});
  const auto found = [&] {
    const auto known = known_image(image, facts);
    return judge(signed_by({1}), ImageEvidence{image, &known}).at(0).found;
  };
  EXPECT_EQ(found(), "no signature");
  facts.verified_at = kNow;
  EXPECT_EQ(found(), "no signature (looked up at 2026-11-22T00:00:00.000Z)");
}

TEST(SignatureRule, LooksWhereTheRuleSays) {
  auto check = signed_by({1});
  check.repository = *Repository::parse("sigs.example/all");
  const auto image = reference(pinned_image());
  auto facts = known_image(image, facts_of({verified(1)}));
  EXPECT_EQ(told(judge(check, {image, &facts, Lookup::Allowed})), "unknown InternalError");
  testing::put<SignatureKind>(facts, testing::signatures_in(*check.repository),
                              testing::known_fact<SignatureKind>(facts_of({verified(1)})));
  EXPECT_EQ(told(judge(check, {image, &facts, Lookup::Allowed})), "fine");
}

TEST(SignatureRule, JudgesTheDigestThatTheTagNames) {
  const auto image = reference("h.example/app:v1");
  const auto with = [&](std::optional<FactOf<TagKind>> tag) {
    const auto facts = known_image(image, facts_of({verified(1)}), std::move(tag));
    return told(judge(signed_by({1}), {image, &facts, Lookup::Allowed}));
  };
  EXPECT_EQ(with(known_tag(kImage)), "fine");
  EXPECT_EQ(with(known_tag(digest_of(0x12))), "violates SignatureInvalid");
  EXPECT_EQ(with(Absent{}), "missing ImageNotFound");
  EXPECT_EQ(with(Unknown{{ErrorCode::Unauthorized, "401"}}), "unknown RegistryUnauthorized");
  EXPECT_EQ(with(std::nullopt), "unknown InternalError");
}

TEST(SignatureRule, KeepsAbsentUnknownAndUnansweredApart) {
  const auto image = reference(pinned_image());
  auto facts = known_image(image, {});
  const auto with = [&](Fact<std::shared_ptr<const SignatureFacts>> fact) {
    testing::put<SignatureKind>(facts, testing::signatures_in(image.repository()), std::move(fact));
    return told(judge(signed_by({1}), {image, &facts, Lookup::Allowed}));
  };
  EXPECT_EQ(with(Absent{}), "missing ImageNotFound");
  EXPECT_EQ(with(Unknown{{ErrorCode::DeadlineExceeded, "late"}}), "unknown CheckTimedOut");
  EXPECT_EQ(with(Known<std::shared_ptr<const SignatureFacts>>{nullptr}), "unknown InternalError");
  EXPECT_EQ(told(judge(signed_by({1}), {image, nullptr, Lookup::Allowed})), "unknown InternalError");
  // Facts gathered under other trust settings say nothing of this authority.
  EXPECT_EQ(told(judged(signed_by({1}), facts_of({verified(2)}))), "unknown InternalError");
}

TEST(SignatureRule, SaysNothingOfAnImageThatMayNotBeLookedUp) {
  const auto image = reference(pinned_image());
  EXPECT_EQ(told(judge(signed_by({1}), {image, nullptr, Lookup::Refused})), "fine");
}

TEST(SignatureRule, IsNeverSatisfiedWithoutAuthorities) {
  for (const auto combine : {Combine::AnyOf, Combine::AllOf, Combine::Threshold})
    EXPECT_EQ(told(judged(signed_by({}, combine, 0), facts_of({verified(1)}))), "missing SignatureMissing");
}

TEST(SignatureRule, SaysWhatWasExpectedAndFound) {
  auto check = signed_by({1, 2}, Combine::Threshold, 2);
  check.annotations = {{"env", "prod"}};
  check.identity = glob("h.example/**");
  AuthorityFacts authority{digest_of(1), {by(1, {{"env", "\u202edev"}}, "evil\n")}, {}};
  const auto finding = judged(check, facts_of({authority, nothing(2)})).at(0);
  EXPECT_EQ(finding.expected,
            "signatures by at least 2 of /keys/1.pub and /keys/2.pub with annotation env=\"prod\" for "
            "docker-reference h.example/**");
  EXPECT_EQ(
      finding.found,
      "1 signature candidate; by /keys/1.pub claiming env=\"\\u{202e}dev\", docker-reference \"evil\\n\"");
}

}  // namespace
}  // namespace tegata::policy
