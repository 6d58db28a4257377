// SPDX-License-Identifier: Apache-2.0
// `imageConfig`: each word by itself, over every image of an index.
#include <gmock/gmock.h>

#include "policy/rules/rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::HasSubstr;

ImageConfig good() { return {"linux/amd64", "65532", true, {}, {}, ""}; }
ImageConfigCheck all_words() { return {true, true, true, true}; }
FactOf<LabelKind> saying(std::optional<std::vector<ImageConfig>> configs) {
  ImageLabels said;
  said.configs = std::move(configs);
  return testing::known_fact<LabelKind>(std::move(said));
}

/// `kind REASON: found`, one a line.
std::string told(const ImageConfigCheck& check, std::optional<FactOf<LabelKind>> labels,
                 Lookup lookup = Lookup::Allowed) {
  const auto written = reference("h.example/app@" + digest_of(0x11).text());
  ImageFacts facts{written.canonical()};
  if (labels) facts.facts.add<LabelKind>({}, *std::move(labels));
  std::string text;
  for (const auto& finding : judge(check, ImageEvidence{written, &facts, lookup}))
    text += std::string(name_of(finding_kind_of(finding.reason))) + " " +
            std::string(name_of(finding.reason)) + ": " + finding.found + "\n";
  return text;
}
std::string told(const ImageConfigCheck& check, std::vector<ImageConfig> configs) {
  return told(check, saying(std::move(configs)));
}
ImageConfig as(const std::string& user) {
  auto config = good();
  config.user = user;
  return config;
}

TEST(ImageConfigRule, IsContentWithAnImageThatHasAllOfIt) { EXPECT_EQ(told(all_words(), {good()}), ""); }

TEST(ImageConfigRule, KnowsRootHoweverItIsWritten) {
  ImageConfigCheck check;
  check.non_root = true;
  for (const auto* user : {"", "0", "root", "0:0", "root:wheel", "0:1000", ":1000", "00", "+0", "-0", "000:5",
                           "2147483648", "4294967296:4294967296", "0000000000004294967296"})
    EXPECT_THAT(told(check, {as(user)}), HasSubstr("violates ImageRunsAsRoot: ")) << user;
  for (const auto* user : {"1", "1000:0", "app", "app:root", "10", "rooted", "0x0", "65532", "-", "+",
                           "2147483647", "0002147483647"})
    EXPECT_EQ(told(check, {as(user)}), "") << user;
  EXPECT_EQ(told(check, {as("")}), "violates ImageRunsAsRoot: no USER, which is root\n");
  EXPECT_EQ(told(check, {as("0:\u202e")}), "violates ImageRunsAsRoot: USER \"0:\\u{202e}\"\n");
}

TEST(ImageConfigRule, AsksEachWordByItself) {
  const ImageConfig bad{"linux/amd64", "", false, {"variable A_KEY"}, {"https://example.com"}, ""};
  EXPECT_EQ(told({true, false, false, false}, {bad}), "violates ImageRunsAsRoot: no USER, which is root\n");
  EXPECT_EQ(told({false, true, false, false}, {bad}), "violates ImageHoldsSecret: variable A_KEY\n");
  EXPECT_EQ(told({false, false, true, false}, {bad}),
            "missing HealthcheckMissing: no HEALTHCHECK, or NONE\n");
  EXPECT_EQ(told({false, false, false, true}, {bad}),
            "violates ImageAddsFromUrl: ADD from https://example.com\n");
  EXPECT_EQ(told({}, {bad}), "");
}

TEST(ImageConfigRule, LooksAtEveryImageOfAnIndexAndNamesItsPlatform) {
  auto arm = as("root");
  arm.platform = "linux/arm64";
  auto odd = as("");
  odd.platform = "";
  EXPECT_EQ(
      told({true, false, false, false}, {good(), arm, odd}),
      "violates ImageRunsAsRoot: USER \"root\" (linux/arm64) and no USER, which is root (of no platform)\n");
}

TEST(ImageConfigRule, IsNeverContentWithoutAKnownAnswer) {
  EXPECT_THAT(told(all_words(), std::nullopt), HasSubstr("unknown InternalError"));
  EXPECT_THAT(told(all_words(), FactOf<LabelKind>{Absent{}}), HasSubstr("missing ImageNotFound"));
  EXPECT_THAT(told(all_words(), FactOf<LabelKind>{Unknown{{ErrorCode::Malformed, "no JSON"}}}),
              HasSubstr("unknown RegistryAnswerMalformed: no JSON"));
  EXPECT_THAT(told(all_words(), saying(std::nullopt)), HasSubstr("unknown NotRecorded"))
      << "of a record that was made before configs were kept";
  EXPECT_THAT(told(all_words(), std::vector<ImageConfig>()),
              HasSubstr("missing ImageNotFound: an index without an image that can run"));
  EXPECT_EQ(told(all_words(), std::nullopt, Lookup::Refused), "");
}

TEST(ImageConfigRule, AsksForTheConfigAndForTheDigestThatItBelongsTo) {
  const auto asked = plan(set(rule("r", all_words())), request({"h.example/app:v1"}), kNow);
  EXPECT_TRUE(asked.images.at(0).questions.asks<LabelKind>());
  EXPECT_TRUE(asked.images[0].questions.asks<TagKind>());
  EXPECT_TRUE(asks_tag(all_words(), reference("h.example/app:v1")));
}

}  // namespace
}  // namespace tegata::policy
