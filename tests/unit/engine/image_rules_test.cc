// SPDX-License-Identifier: Apache-2.0
// allowedRegistries, tag, digest: each as a pure function of settings, reference and facts.
#include "policy/rules/pattern.h"
#include "policy/rules/rules.h"

#include <gmock/gmock.h>
#include <re2/re2.h>

#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kDigest = digest_of(0x11).text();

std::vector<std::string> told(const TagCheck& check, const std::string& text,
                              std::optional<FactOf<TagKind>> tag = {}, Lookup lookup = Lookup::Allowed) {
  const auto image = reference(text);
  ImageFacts facts{image.canonical()};
  if (tag) facts.facts.add<TagKind>({image.effective_tag().value_or("")}, *std::move(tag));
  std::vector<std::string> words;
  for (const auto& finding : judge(check, {image, &facts, lookup}))
    words.push_back(std::string(name_of(finding_kind_of(finding.reason))) + " " +
                    std::string(name_of(finding.reason)));
  return words;
}

TEST(AllowedRegistries, RefusesWhatNoGlobMatches) {
  EXPECT_THAT(judge(registries({"h.example/**"}), {reference("h.example/a/b")}), IsEmpty());
  const auto findings = judge(registries({"h.example/**", "i.example/x"}), {reference("nginx")});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].reason, Reason::RegistryNotAllowed);
  EXPECT_EQ(findings[0].expected, "an image from h.example/** or i.example/x");
  EXPECT_EQ(findings[0].found, "docker.io/library/nginx");
}

TEST(DigestRule, IsContentWithADigestInTheReferenceOnly) {
  EXPECT_THAT(judge(DigestCheck{}, {reference("nginx@" + kDigest)}), IsEmpty());
  EXPECT_THAT(judge(DigestCheck{}, {reference("nginx:v1@" + kDigest)}), IsEmpty());
  EXPECT_EQ(judge(DigestCheck{}, {reference("nginx:v1")}).at(0).reason, Reason::DigestRequired);
  EXPECT_EQ(judge(DigestCheck{}, {reference("nginx")}).at(0).reason, Reason::DigestRequired);
}

TEST(DigestRule, NamesTheDigestToPinWhereItIsKnown) {
  const auto image = reference("nginx:v1");
  EXPECT_EQ(judge(DigestCheck{}, {image, nullptr, Lookup::Allowed, {}, digest_of(0x11)}).at(0).remedy,
            "add the digest to the reference: @" + kDigest);
  EXPECT_EQ(judge(DigestCheck{}, {image}).at(0).remedy,
            "add the digest to the reference: @DIGEST, as `docker buildx imagetools inspect "
            "docker.io/library/nginx:v1` prints it");
  // `latest` is not what should be pinned.
  EXPECT_THAT(judge(DigestCheck{}, {reference("nginx")}).at(0).remedy, HasSubstr("library/nginx:TAG`"));
}

TEST(TagRule, AsksForACommitAsTheTagOnlyWhereTheRuleDoes) {
  EXPECT_THAT(judge(commit_id_tags(), {reference("nginx:v1")}).at(0).remedy, HasSubstr("git rev-parse HEAD"));
  auto check = commit_id_tags();
  check.commit_id = false;
  check.pattern = *anchored_pattern("release-.*");
  check.pattern_text = "release-.*";
  EXPECT_EQ(judge(check, {reference("nginx:v1")}).at(0).remedy, "deploy the image under a tag of that form");
}

TEST(TagRule, TakesCommitIdsOfSevenTo64LowerCaseHexDigits) {
  const auto check = commit_id_tags();
  for (const std::size_t length : {7U, 8U, 40U, 64U})
    EXPECT_THAT(told(check, "h.example/app:" + std::string(length, 'c')), IsEmpty()) << length;
  for (const std::string& tag : {std::string(6, 'c'), std::string(65, 'c'), std::string("ABCDEF0"),
                                 std::string("v1.2.3"), std::string("latest"), std::string("abcdefg")})
    EXPECT_THAT(told(check, "h.example/app:" + tag), ElementsAre("violates TagNotCommitId")) << tag;
}

TEST(TagRule, HoldsMinLengthAtTheBound) {
  auto check = commit_id_tags();
  check.min_length = 40;
  EXPECT_THAT(told(check, "h.example/app:" + std::string(40, 'c')), IsEmpty());
  EXPECT_THAT(told(check, "h.example/app:" + std::string(39, 'c')), ElementsAre("violates TagNotCommitId"));
}

TagCheck with_pattern(const std::string& text) {
  TagCheck check;
  check.pattern = std::make_shared<const re2::RE2>(text);
  check.pattern_text = text;
  return check;
}

TEST(TagRule, MatchesAPatternAnchoredAtBothEnds) {
  const auto check = with_pattern("v[0-9]+-(?P<commit>[0-9a-f]{7})");
  EXPECT_THAT(told(check, "h.example/app:v1-abcdef0"), IsEmpty());
  EXPECT_THAT(told(check, "h.example/app:xv1-abcdef0"), ElementsAre("violates TagNotCommitId"));
  EXPECT_THAT(told(check, "h.example/app:v1-abcdef0x"), ElementsAre("violates TagNotCommitId"));
}

TEST(TagRule, AsksNoFormWhereNoneIsWritten) {
  EXPECT_THAT(told(TagCheck{}, "h.example/app:latest"), IsEmpty());
}

TEST(TagRule, LetsDigestOnlyDecideAboutReferencesWithADigestAlone) {
  auto check = commit_id_tags();
  EXPECT_THAT(told(check, "h.example/app@" + kDigest), ElementsAre("violates TagMissing"));
  check.digest_only = DigestOnly::Allow;
  EXPECT_THAT(told(check, "h.example/app@" + kDigest), IsEmpty());
}

TEST(TagRule, MissesATagWhereNeitherTagNorDigestIsWrittenWhateverDigestOnlySays) {
  for (const auto digest_only : {DigestOnly::Deny, DigestOnly::Allow}) {
    auto check = commit_id_tags();
    check.digest_only = digest_only;
    EXPECT_THAT(told(check, "h.example/app"), ElementsAre("violates TagMissing"));
    check.commit_id = false;
    EXPECT_THAT(told(check, "h.example/app"), ElementsAre("violates TagMissing"));
  }
}

TEST(TagRule, HoldsTheTagToTheDigestBesideIt) {
  const auto check = commit_id_tags();
  EXPECT_THAT(told(check, pinned_image(), known_tag(digest_of(0x11))), IsEmpty());
  EXPECT_THAT(told(check, pinned_image(), known_tag(digest_of(0x12))),
              ElementsAre("violates TagDigestMismatch"));
  EXPECT_THAT(told(check, pinned_image(), Absent{}), ElementsAre("missing ImageNotFound"));
}

TEST(TagRule, TellsBothTheFormAndTheMismatch) {
  EXPECT_THAT(told(commit_id_tags(), "h.example/app:v1@" + kDigest, known_tag(digest_of(0x12))),
              ElementsAre("violates TagNotCommitId", "violates TagDigestMismatch"));
}

TEST(TagRule, KeepsWhatCouldNotBeCheckedApart) {
  const std::vector<std::pair<ErrorCode, std::string>> cases{
      {ErrorCode::Unavailable, "unknown RegistryUnreachable"},
      {ErrorCode::AddressRefused, "unknown RegistryUnreachable"},
      {ErrorCode::DeadlineExceeded, "unknown CheckTimedOut"},
      {ErrorCode::CutShort, "unknown CheckTimedOut"},
      {ErrorCode::OwnRate, "unknown RegistryRateLimited"},
      {ErrorCode::UnexpectedAnswer, "unknown RegistryAnswerMalformed"},
      {ErrorCode::Unauthorized, "unknown RegistryUnauthorized"},
      {ErrorCode::RateLimited, "unknown RegistryRateLimited"},
      {ErrorCode::Malformed, "unknown RegistryAnswerMalformed"},
      {ErrorCode::LimitExceeded, "unknown RegistryAnswerMalformed"},
      {ErrorCode::NotRecorded, "unknown NotRecorded"},
      {ErrorCode::Misconfigured, "unknown InternalError"},
      {ErrorCode::Internal, "unknown InternalError"},
      {ErrorCode::NotFound, "missing ImageNotFound"},
  };
  for (const auto& [code, words] : cases)
    EXPECT_THAT(told(commit_id_tags(), pinned_image(), Unknown{{code, "no answer"}}), ElementsAre(words));
}

TEST(TagRule, TakesNoAnswerForUnknown) {
  EXPECT_THAT(told(commit_id_tags(), pinned_image()), ElementsAre("unknown InternalError"));
  const auto image = reference(pinned_image());
  EXPECT_EQ(judge(commit_id_tags(), {image, nullptr, Lookup::Allowed}).at(0).reason, Reason::InternalError);
}

TEST(TagRule, SaysOfAnImageThatMayNotBeLookedUpWhatTheReferenceShows) {
  EXPECT_THAT(told(commit_id_tags(), "h.example/app:v1@" + kDigest, std::nullopt, Lookup::Refused),
              ElementsAre("violates TagNotCommitId"));
}

}  // namespace
}  // namespace tegata::policy
