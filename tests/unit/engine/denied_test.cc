// SPDX-License-Identifier: Apache-2.0
// `denied`: what is on the list never runs, and what cannot be compared with it is not known to be fine.
#include <gmock/gmock.h>

#include "policy/engine/applicable.h"
#include "policy/engine/message.h"
#include "policy/model/index_manifests.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

DeniedCheck listing(const std::vector<std::uint8_t>& bytes) {
  DigestList list;
  for (const auto byte : bytes) list.digests.push_back(digest_of(byte));
  return {std::make_shared<const DigestList>(std::move(list)), "denied.txt"};
}
std::string pinned(std::uint8_t byte) { return "h.example/app@" + digest_of(byte).text(); }
FactOf<ManifestsKind> index_of(const std::vector<std::uint8_t>& bytes) {
  IndexManifests manifests;
  for (const auto byte : bytes) manifests.digests.push_back(digest_of(byte));
  return testing::known_fact<ManifestsKind>(std::move(manifests));
}
GatheredFacts facts_about(const std::string& image, std::optional<FactOf<TagKind>> tag,
                          std::optional<FactOf<ManifestsKind>> manifests) {
  const auto written = reference(image);
  ImageFacts facts{written.canonical()};
  if (tag) facts.facts.add<TagKind>({written.effective_tag().value_or("")}, *std::move(tag));
  if (manifests) facts.facts.add<ManifestsKind>({}, *std::move(manifests));
  return {{facts}, {}};
}
/// `kind reason: found` of each finding.
std::string told(const Verdict& verdict) {
  std::string text;
  for (const auto& finding : verdict.findings)
    text += std::string(name_of(finding.kind)) + " " + std::string(name_of(finding.reason)) + ": " +
            finding.found + "\n";
  return text;
}
std::string told_of(const DeniedCheck& check, const std::string& image, std::optional<FactOf<TagKind>> tag,
                    std::optional<FactOf<ManifestsKind>> manifests) {
  return told(judge(set(rule("withdrawn", check)), request({image}),
                    facts_about(image, std::move(tag), std::move(manifests)), options()));
}

TEST(Denied, RefusesTheDigestInTheReferenceWithoutAnyFact) {
  for (const auto& asked : {request({pinned(0x11)}), ecs_request({pinned(0x11)})}) {
    const auto policies = set(rule("withdrawn", listing({0x11, 0x22})));
    EXPECT_THAT(plan(policies, asked, kNow).images, IsEmpty()) << "nothing may be fetched";
    const auto verdict = judge(policies, asked, {}, options());
    EXPECT_EQ(verdict.decision, Decision::Deny);
    EXPECT_EQ(told(verdict), "violates DigestDenied: the digest in the reference is " +
                                 digest_of(0x11).text() + ", which is on the list\n");
  }
}

TEST(Denied, RefusesWhatTheTagNames) {
  EXPECT_THAT(told_of(listing({0x11}), "h.example/app:v1", known_tag(digest_of(0x11)), index_of({})),
              HasSubstr("violates DigestDenied: the tag \"v1\" names sha256:1111"));
  EXPECT_EQ(told_of(listing({0x22}), "h.example/app:v1", known_tag(digest_of(0x11)), index_of({})), "");
  // Known to be on the list, whatever else is not known.
  EXPECT_THAT(told_of(listing({0x11}), "h.example/app", known_tag(digest_of(0x11)),
                      FactOf<ManifestsKind>{Unknown{{ErrorCode::Unavailable, "no"}}}),
              HasSubstr("violates DigestDenied: the tag \"latest\""));
}

TEST(Denied, RefusesEveryManifestOfTheIndex) {
  for (const std::uint8_t listed : {0x33, 0x44, 0x55})
    EXPECT_EQ(told_of(listing({listed}), pinned(0x11), std::nullopt, index_of({0x33, 0x44, 0x55})),
              "violates DigestDenied: the index " + digest_of(0x11).text() + " holds the manifest " +
                  digest_of(listed).text() + ", which is on the list\n");
  EXPECT_THAT(
      told_of(listing({0x44}), "h.example/app:v1", known_tag(digest_of(0x11)), index_of({0x33, 0x44})),
      HasSubstr("DigestDenied"));
  EXPECT_EQ(told_of(listing({0x66}), pinned(0x11), std::nullopt, index_of({0x33, 0x44, 0x55})), "");
}

TEST(Denied, IsJudgedByTheDigestWhereThereIsATagToo) {
  EXPECT_THAT(
      told_of(listing({0x11}), "h.example/app:v1@" + digest_of(0x11).text(), std::nullopt, std::nullopt),
      HasSubstr("the digest in the reference"));
}

TEST(Denied, IsNeverContentWithoutAKnownAnswer) {
  const auto check = listing({0x99});
  const auto tag = known_tag(digest_of(0x11));
  EXPECT_THAT(told_of(check, pinned(0x11), std::nullopt, std::nullopt), HasSubstr("unknown InternalError"));
  EXPECT_THAT(told_of(check, "h.example/app:v1", std::nullopt, index_of({})),
              HasSubstr("unknown InternalError"));
  EXPECT_THAT(told_of(check, "h.example/app:v1", FactOf<TagKind>{Absent{}}, index_of({})),
              HasSubstr("missing ImageNotFound"));
  EXPECT_THAT(told_of(check, "h.example/app:v1", tag, FactOf<ManifestsKind>{Absent{}}),
              HasSubstr("missing ImageNotFound"));
  EXPECT_THAT(told_of(check, "h.example/app:v1", tag,
                      FactOf<ManifestsKind>{Unknown{{ErrorCode::Malformed, "no index"}}}),
              HasSubstr("unknown RegistryAnswerMalformed: no index"));
  EXPECT_THAT(told_of(check, pinned(0x11), std::nullopt,
                      FactOf<ManifestsKind>{Unknown{{ErrorCode::NotRecorded, "not asked"}}}),
              HasSubstr("unknown NotRecorded"));
}

TEST(Denied, AsksForTheManifestsOfWhatIsNotRefusedAlready) {
  const auto by_tag = plan(set(rule("r", listing({0x22}))), request({"h.example/app:v1"}), kNow);
  ASSERT_THAT(by_tag.images, SizeIs(1));
  EXPECT_TRUE(by_tag.images[0].questions.asks<TagKind>());
  EXPECT_TRUE(by_tag.images[0].questions.asks<ManifestsKind>());
  const auto by_digest = plan(set(rule("r", listing({0x22}))), request({pinned(0x11)}), kNow);
  EXPECT_TRUE(by_digest.images.at(0).questions.asks<ManifestsKind>());
  EXPECT_FALSE(by_digest.images[0].questions.asks<TagKind>());
  EXPECT_TRUE(plan_observing(set(rule("r", DigestCheck{})), request({"nginx"}), kNow)
                  .images.at(0)
                  .questions.asks<ManifestsKind>());
}

TEST(Denied, NeverAsksARegistryThatIsRefused) {
  const auto policies = set(
      std::vector{policy({rule("ours", registries({"h.example/**"})), rule("withdrawn", listing({0x22}))})});
  EXPECT_THAT(plan(policies, request({"evil.example/app:v1"}), kNow).images, IsEmpty());
  EXPECT_THAT(told(judge(policies, request({"evil.example/app:v1"}), {}, options())),
              ::testing::Not(HasSubstr("DigestDenied")));
  const auto both = judge(policies, request({"evil.example/app@" + digest_of(0x22).text()}), {}, options());
  EXPECT_THAT(reasons_of(both), ElementsAre("DigestDenied", "RegistryNotAllowed"));
  EXPECT_THAT(findings_told(both, Cost::Deny), SizeIs(2));
}

TEST(Denied, AtAMilderCostLooksUpWhatOtherRulesAsk) {
  CostSettings dry;
  dry.enforcement = Enforcement::DryRun;
  auto withdrawn = rule("withdrawn", listing({0x11}));
  withdrawn.costs = dry;
  const auto policies = set(std::vector{policy({withdrawn, rule("signed", signed_by({1}))})});
  const auto asked = plan(policies, request({pinned(0x11)}), kNow);
  ASSERT_THAT(asked.images, SizeIs(1));
  EXPECT_FALSE(asked.images[0].questions.asks<ManifestsKind>());
  const auto verdict = judge(policies, request({pinned(0x11)}), good_facts(asked), options());
  EXPECT_EQ(verdict.decision, Decision::Allow);
  EXPECT_EQ(verdict.would_be, Decision::Deny);
}

TEST(Denied, IsNotLiftedByAnyExemption) {
  auto owner = policy({rule("withdrawn", listing({0x11}))});
  owner.exemptions = {exemption({"withdrawn"}, {glob("**")})};
  EXPECT_EQ(judge(set(std::vector{owner}), request({pinned(0x11)}), {}, options()).decision, Decision::Deny);
  EXPECT_EQ(exemption_for(owner, owner.rules[0], reference(pinned(0x11)), kNow), nullptr);
}

}  // namespace
}  // namespace tegata::policy
