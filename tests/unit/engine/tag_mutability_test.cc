// SPDX-License-Identifier: Apache-2.0
// `tag.immutable: registry`.
#include <gmock/gmock.h>

#include "policy/model/tag_mutability.h"
#include "policy/rules/rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::HasSubstr;
using Setting = TagMutability::Setting;
using MutabilityFact = FactOf<TagMutabilityKind>;

TagCheck immutable_tags() {
  TagCheck check;
  check.immutable = TagImmutable::Registry;
  check.digest_only = DigestOnly::Allow;
  return check;
}

MutabilityFact known(Setting setting, std::vector<std::string> except = {}) {
  return Known<std::shared_ptr<const TagMutability>>{
      std::make_shared<const TagMutability>(TagMutability{setting, std::move(except)})};
}

/// `KIND REASON: what was found` of each finding.
std::string told(const std::string& image, std::optional<MutabilityFact> fact,
                 const TagCheck& check = immutable_tags()) {
  const auto written = reference(image);
  ImageFacts facts{written.canonical()};
  facts.facts.add<TagKind>({written.effective_tag().value_or("")}, known_tag(digest_of(0x11)));
  if (fact) facts.facts.add<TagMutabilityKind>({}, *std::move(fact));
  std::string text;
  for (const auto& finding : judge(check, ImageEvidence{written, &facts}))
    text += std::string(name_of(finding_kind_of(finding.reason))) + " " +
            std::string(name_of(finding.reason)) + ": " + finding.found + "\n";
  return text;
}

bool asks(const std::string& image, const TagCheck& check = immutable_tags()) {
  ImageQuestions questions{reference(image)};
  ask(check, questions);
  return questions.questions.asks<TagMutabilityKind>();
}

const std::string kImage = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1";

TEST(TagImmutable, IsContentWhereTheRegistryHoldsTheTag) {
  EXPECT_EQ(told(kImage, known(Setting::Immutable)), "");
  EXPECT_EQ(told(kImage, known(Setting::Immutable, {"dev-*"})), "");
  EXPECT_EQ(told(kImage, known(Setting::Mutable, {"v*"})), "");
}

TEST(TagImmutable, RefusesATagThatCanBeMoved) {
  EXPECT_THAT(told(kImage, known(Setting::Mutable)),
              HasSubstr("violates TagMovable: tags of this repository can be moved"));
  EXPECT_THAT(told(kImage, known(Setting::Immutable, {"v*"})),
              HasSubstr("violates TagMovable: tags that match \"v*\""));
  EXPECT_THAT(told("ghcr.io/acme/app:v1", known(Setting::NotOffered)),
              HasSubstr("violates TagMovable: ghcr.io has no setting"));
}

TEST(TagImmutable, IsMissingOrUnknownWhereTheRegistryDoesNotSay) {
  EXPECT_THAT(told(kImage, Absent{}), HasSubstr("missing ImageNotFound"));
  EXPECT_THAT(told(kImage, Unknown{{ErrorCode::Unauthorized, "no"}}),
              HasSubstr("unknown RegistryUnauthorized"));
  EXPECT_THAT(told(kImage, std::nullopt), HasSubstr("InternalError"));
}

TEST(TagImmutable, IsAskedOnlyWhereTheTagChoosesTheImage) {
  const auto digest = "@" + digest_of(0x11).text();
  EXPECT_TRUE(asks(kImage));
  EXPECT_FALSE(asks(kImage + digest));
  EXPECT_FALSE(asks(kImage.substr(0, kImage.rfind(':'))));
  EXPECT_FALSE(asks(kImage, commit_id_tags()));
  EXPECT_EQ(told(kImage + digest, std::nullopt), "");
  EXPECT_EQ(told(kImage.substr(0, kImage.rfind(':')) + digest, std::nullopt), "");
  EXPECT_THAT(told(kImage.substr(0, kImage.rfind(':')), std::nullopt), HasSubstr("TagMissing"));
}

TEST(TagImmutable, IsToldBesideTheTagsForm) {
  auto check = immutable_tags();
  check.commit_id = true;
  const auto both = told(kImage, known(Setting::Mutable), check);
  EXPECT_THAT(both, HasSubstr("TagNotCommitId"));
  EXPECT_THAT(both, HasSubstr("TagMovable"));
}

}  // namespace
}  // namespace tegata::policy
