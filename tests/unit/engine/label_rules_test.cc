// SPDX-License-Identifier: Apache-2.0
// What images say of themselves: `tag.commitFrom: label` and `baseImage`.
#include <gmock/gmock.h>
#include <re2/re2.h>

#include "policy/rules/rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using LabelsFact = Fact<std::shared_ptr<const ImageLabels>>;
using Texts = ImageLabels::Texts;

constexpr const char* kRevision = "org.opencontainers.image.revision";
constexpr const char* kBase = "org.opencontainers.image.base.digest";
const std::string kDigest = digest_of(0x11).text();

TagCheck labelled_tags() {
  auto check = commit_id_tags();
  check.commit_from = CommitFrom::Label;
  return check;
}
BaseImageCheck on_base() { return {{digest_of(0xaa), digest_of(0xbb)}}; }

LabelsFact saying(Texts labels, Texts annotations = {}) {
  ImageLabels said;
  said.labels = std::move(labels);
  said.annotations = std::move(annotations);
  return Known<std::shared_ptr<const ImageLabels>>{std::make_shared<const ImageLabels>(std::move(said))};
}

/// `violates REASON`, or empty: what a rule says of an image with that tag and those labels.
std::string told(const Check& check, const std::string& image, std::optional<LabelsFact> labels,
                 std::optional<FactOf<TagKind>> tag = known_tag(digest_of(0x11)),
                 Lookup lookup = Lookup::Allowed) {
  const auto written = reference(image);
  ImageFacts facts{written.canonical()};
  if (tag) facts.facts.add<TagKind>({written.effective_tag().value_or("")}, *std::move(tag));
  if (labels) facts.facts.add<LabelKind>({}, *std::move(labels));
  const ImageEvidence evidence{written, &facts, lookup};
  const auto* tags = std::get_if<TagCheck>(&check);
  const auto findings =
      tags != nullptr ? judge(*tags, evidence) : judge(std::get<BaseImageCheck>(check), evidence);
  std::string text;
  for (const auto& finding : findings)
    text += std::string(name_of(finding_kind_of(finding.reason))) + " " +
            std::string(name_of(finding.reason)) + ": " + finding.found;
  return text;
}
std::string told_of_commit(std::optional<LabelsFact> labels) {
  return told(labelled_tags(), "h.example/app:" + kCommit, std::move(labels));
}
std::string told_of_base(std::optional<LabelsFact> labels) {
  return told(on_base(), "h.example/app:v1", std::move(labels));
}

TEST(LabelledCommit, IsContentWhereTheImageNamesTheCommitOfItsTag) {
  EXPECT_EQ(told_of_commit(saying({{kRevision, kCommit}})), "");
  EXPECT_EQ(told_of_commit(saying({}, {{kRevision, kCommit}})), "");
  EXPECT_EQ(told_of_commit(saying({{kRevision, kCommit}}, {{kRevision, kCommit}})), "");
  EXPECT_EQ(told(labelled_tags(), "h.example/app:" + kCommit.substr(0, 7), saying({{kRevision, kCommit}})),
            "");
}

TEST(LabelledCommit, RefusesAnotherCommitAndWhatIsNone) {
  const std::string mismatch = "violates TagCommitMismatch: ";
  for (const std::string& other : {std::string(40, 'b'), kCommit.substr(0, 39), kCommit + "-dirty",
                                   "v1" + kCommit, std::string(), kCommit + "\n"})
    EXPECT_THAT(told_of_commit(saying({{kRevision, other}})), HasSubstr(mismatch + "the label")) << other;
  EXPECT_THAT(told_of_commit(saying({}, {{kRevision, "b"}})), HasSubstr(mismatch + "the annotation \"b\""));
}

TEST(LabelledCommit, RefusesAnImageThatContradictsItself) {
  const std::string other(40, 'b');
  EXPECT_NE(told_of_commit(saying({{kRevision, other}}, {{kRevision, kCommit}})), "");
  EXPECT_NE(told_of_commit(saying({{kRevision, kCommit}}, {{kRevision, other}})), "");
}

TEST(LabelledCommit, IsMissingWhereTheImageNamesNone) {
  EXPECT_THAT(told_of_commit(saying({{"revision", kCommit}})), HasSubstr("missing CommitMissing"));
}

TEST(LabelledCommit, IsLookedForInTheGroupOfAPattern) {
  TagCheck check;
  check.pattern = std::make_shared<const re2::RE2>("\\A(?:v[0-9]+-(?P<commit>[0-9a-f]*))\\z");
  check.commit_from = CommitFrom::Label;
  EXPECT_EQ(told(check, "h.example/app:v1-" + kCommit, saying({{kRevision, kCommit}})), "");
  EXPECT_THAT(told(check, "h.example/app:v1-abcdef0", saying({{kRevision, kCommit}})),
              HasSubstr("TagCommitMismatch"));
  // Six digits, and none, are the beginning of too many commits.
  for (const auto& few : {kCommit.substr(0, 6), std::string()})
    EXPECT_THAT(told(check, "h.example/app:v1-" + few, saying({{kRevision, kCommit}})),
                HasSubstr("no commit ID of 7 to 64"));
}

TEST(LabelledCommit, IsNotAskedOfATagThatHasNotItsForm) {
  EXPECT_THAT(told(labelled_tags(), "h.example/app:v1", saying({})), HasSubstr("violates TagNotCommitId"));
  EXPECT_THAT(told(labelled_tags(), "h.example/app:v1", saying({})),
              ::testing::Not(HasSubstr("CommitMissing")));
  auto digest_only = labelled_tags();
  digest_only.digest_only = DigestOnly::Allow;
  EXPECT_EQ(told(digest_only, "h.example/app@" + kDigest, saying({})), "");
}

TEST(LabelledCommit, OfATagBesideADigestIsThatOfTheDigest) {
  const auto pinned = "h.example/app:" + kCommit + "@" + kDigest;
  EXPECT_EQ(told(labelled_tags(), pinned, saying({{kRevision, kCommit}})), "");
  EXPECT_THAT(told(labelled_tags(), pinned, saying({{kRevision, kCommit}}), known_tag(digest_of(0x22))),
              HasSubstr("TagDigestMismatch"));
}

TEST(BaseImage, IsContentWithAnApprovedOneOnly) {
  EXPECT_EQ(told_of_base(saying({{kBase, digest_of(0xaa).text()}})), "");
  EXPECT_EQ(told_of_base(saying({}, {{kBase, digest_of(0xbb).text()}})), "");
  for (const std::string& other : {digest_of(0xcc).text(), std::string("golang:1"), std::string(),
                                   digest_of(0xaa).hex(), digest_of(0xaa).text() + " "})
    EXPECT_THAT(told_of_base(saying({{kBase, other}})), HasSubstr("violates BaseImageNotAllowed: \""))
        << other;
  EXPECT_THAT(told_of_base(saying({})), HasSubstr("missing BaseImageMissing: "));
}

TEST(BaseImage, IsThatOfTheAnnotationBeforeThatOfTheLabel) {
  const auto good = digest_of(0xaa).text();
  const auto bad = digest_of(0xcc).text();
  EXPECT_EQ(told_of_base(saying({{kBase, bad}}, {{kBase, good}})), "");
  EXPECT_THAT(told_of_base(saying({{kBase, good}}, {{kBase, bad}})), HasSubstr("BaseImageNotAllowed"));
}

TEST(LabelRules, AreNeverContentWithoutAKnownAnswer) {
  for (const auto& told_of : {told_of_commit, told_of_base}) {
    EXPECT_THAT(told_of(std::nullopt), HasSubstr("unknown InternalError"));
    EXPECT_THAT(told_of(Known<std::shared_ptr<const ImageLabels>>{nullptr}),
                HasSubstr("unknown InternalError"));
    EXPECT_THAT(told_of(Absent{}), HasSubstr("missing ImageNotFound"));
    EXPECT_THAT(told_of(Unknown{{ErrorCode::Malformed, "no JSON"}}),
                HasSubstr("unknown RegistryAnswerMalformed: no JSON"));
    EXPECT_THAT(told_of(Unknown{{ErrorCode::NotRecorded, "not asked"}}), HasSubstr("unknown NotRecorded"));
  }
  EXPECT_THAT(told(on_base(), "h.example/app:v1", saying({{kBase, digest_of(0xaa).text()}}), Absent{}),
              HasSubstr("missing ImageNotFound"));
  EXPECT_THAT(told(on_base(), "h.example/app:v1", saying({{kBase, digest_of(0xaa).text()}}), std::nullopt),
              HasSubstr("unknown InternalError"));
}

TEST(LabelRules, SayNothingOfAnImageThatMayNotBeLookedUp) {
  const auto refused = Lookup::Refused;
  EXPECT_EQ(told(on_base(), "h.example/app:v1", std::nullopt, std::nullopt, refused), "");
  EXPECT_EQ(told(labelled_tags(), "h.example/app:" + kCommit, std::nullopt, std::nullopt, refused), "");
}

TEST(LabelRules, AskForLabelsAndForTheDigestThatTheyBelongTo) {
  for (const Check& check : {Check(labelled_tags()), Check(on_base())}) {
    const auto by_tag = plan(set(rule("r", check)), request({"h.example/app:v1"}), kNow);
    ASSERT_EQ(by_tag.images.size(), 1U);
    EXPECT_TRUE(by_tag.images[0].questions.asks<LabelKind>());
    EXPECT_TRUE(by_tag.images[0].questions.asks<TagKind>());
    EXPECT_THAT(by_tag.images[0].questions.of<SignatureKind>(), IsEmpty());
    const auto by_digest = plan(set(rule("r", check)), request({"h.example/app@" + kDigest}), kNow);
    EXPECT_TRUE(by_digest.images.at(0).questions.asks<LabelKind>());
    EXPECT_FALSE(by_digest.images[0].questions.asks<TagKind>());
  }
  EXPECT_FALSE(plan(set(rule("r", signed_by({1}))), request({"nginx"}), kNow)
                   .images.at(0)
                   .questions.asks<LabelKind>());
  EXPECT_TRUE(plan_observing(set(rule("r", DigestCheck{})), request({"nginx"}), kNow)
                  .images.at(0)
                  .questions.asks<LabelKind>());
}

TEST(LabelRules, AreJudgedOfEveryImageOfARequest) {
  const auto asked = request({"h.example/app:v1", "h.example/app:v2"});
  GatheredFacts facts;
  for (const auto* tag : {"v1", "v2"}) {
    facts.images.push_back({"h.example/app:" + std::string(tag)});
    facts.images.back().facts.add<TagKind>({tag}, known_tag(digest_of(0x11)));
    facts.images.back().facts.add<LabelKind>(
        {}, saying({{kBase, digest_of(*tag == 'v' && tag[1] == '1' ? 0xaa : 0xcc).text()}}));
  }
  const auto verdict = judge(set(rule("base", on_base())), asked, facts, options());
  ASSERT_EQ(verdict.findings.size(), 1U) << text_of(verdict);
  EXPECT_EQ(verdict.decision, Decision::Deny);
  EXPECT_EQ(verdict.findings[0].image, "h.example/app:v2");
  EXPECT_EQ(verdict.findings[0].digest, digest_of(0x11));
}

}  // namespace
}  // namespace tegata::policy
