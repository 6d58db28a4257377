// SPDX-License-Identifier: Apache-2.0
// Every bound of a policy document, at it and one past it.
#include <gmock/gmock.h>

#include "policy/document/read_yaml.h"
#include "policy/model/limits.h"
#include "tests/unit/document/documents.h"

namespace tegata::policy {
namespace {

using ::testing::HasSubstr;

std::string document(const std::string& rest) { return std::string(testing::kHead) + rest; }
std::string errors_of(const std::string& rest) {
  return testing::all_errors(testing::load_text(document(rest)));
}
/// A rule with one more field.
std::string rule(const std::string& field) { return "  rules: [{name: a, " + field + "}]\n"; }
std::string letters(std::size_t count) { return std::string(count, 'a'); }

TEST(PolicyBounds, AFileMayHaveOneMebibyteAndNoByteMore) {
  auto text = document(std::string(testing::kRules));
  text += "#" + std::string(limits::kPolicyFile - text.size() - 2, 'x') + "\n";
  ASSERT_EQ(text.size(), limits::kPolicyFile);
  EXPECT_EQ(testing::all_errors(testing::load_text(text)), "");
  EXPECT_EQ(testing::all_errors(testing::load_text(text + "\n")),
            "policy.yaml:1:1: the file has 1048577 bytes, more than the 1048576 that a policy may have\n");
}

TEST(PolicyBounds, ADocumentMayHaveThirtyTwoLevels) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']') + "\n";
  };
  EXPECT_THAT(testing::all_errors(testing::load_text(nested(limits::kPolicyDepth))),
              HasSubstr("the document must be a mapping; found a list"));
  EXPECT_EQ(testing::all_errors(testing::load_text(nested(limits::kPolicyDepth + 1))),
            "policy.yaml:1:33: nested too deeply: at most 32 levels\n");
}

TEST(PolicyBounds, DeepNestingOfEveryKindEndsInOneSentence) {
  std::string dashes;
  std::string maps;
  for (int i = 0; i < 100'000; ++i) dashes += "- ";
  for (int i = 0; i < 50'000; ++i) maps += "{a: ";
  for (const auto& text : {std::string(100'000, '['), dashes, maps, std::string(100'000, '{')}) {
    const auto result = testing::load_text(text);
    ASSERT_EQ(result.errors.size(), 1U);
    EXPECT_THAT(result.errors[0].message,
                ::testing::AnyOf(HasSubstr("nested too deeply"), HasSubstr("not YAML")));
  }
}

TEST(PolicyBounds, AFileMayHaveFiftyThousandValues) {
  // The root, its key and the sequence are three of them.
  const auto with = [](std::size_t values) {
    std::string text = "a: [";
    for (std::size_t i = 3; i < values; ++i) text += "x,";
    return testing::all_errors(testing::load_text(text + "]\n"));
  };
  EXPECT_THAT(with(limits::kPolicyNodes), HasSubstr("unknown field 'a'"));
  EXPECT_THAT(with(limits::kPolicyNodes + 1), HasSubstr("more than 50000 values in one file"));
}

TEST(PolicyBounds, AnAliasBombIsRefusedWithoutBeingFollowed) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const auto last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
    for (int j = 1; j < 9; ++j) bomb += ", " + last;
    bomb += "]\n";
  }
  const auto result = testing::load_text(bomb);
  EXPECT_FALSE(result.policies);
  EXPECT_EQ(result.errors.size(), limits::kPolicyErrors);
  EXPECT_THAT(result.errors[0].text(), HasSubstr("policy.yaml:1:5: anchors"));
}

TEST(PolicyBounds, ARegularExpressionMayHaveOneKibibyte) {
  EXPECT_EQ(errors_of(rule("tag: {pattern: " + letters(limits::kPattern) + "}")), "");
  EXPECT_THAT(errors_of(rule("tag: {pattern: " + letters(limits::kPattern + 1) + "}")),
              HasSubstr("tag.pattern has 1025 bytes; at most 1024 are allowed"));
}

TEST(PolicyBounds, TheHelpOfARuleMayHave512Bytes) {
  EXPECT_EQ(errors_of(rule("digest: required, help: " + letters(limits::kHelp))), "");
  EXPECT_THAT(errors_of(rule("digest: required, help: " + letters(limits::kHelp + 1))),
              HasSubstr("help has 513 bytes; at most 512 are allowed"));
}

TEST(PolicyBounds, AGlobMayHave512Bytes) {
  const auto glob = [](std::size_t bytes) { return "docker.io/" + letters(bytes - 10); };
  EXPECT_EQ(errors_of(rule("allowedRegistries: [\"" + glob(limits::kGlob) + "\"]")), "");
  EXPECT_THAT(errors_of(rule("allowedRegistries: [\"" + glob(limits::kGlob + 1) + "\"]")),
              HasSubstr("allowedRegistries[0] has 513 bytes; at most 512 are allowed"));
}

TEST(PolicyBounds, ASignatureRuleMayHaveSixtyFourAuthorities) {
  const auto of = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += "{key: {file: keys/" + std::to_string(i) + ".pub}}, ";
    return rule("signature: {threshold: 64, of: [" + list + "]}");
  };
  EXPECT_EQ(errors_of(of(limits::kAuthorities)), "");
  EXPECT_THAT(errors_of(of(limits::kAuthorities + 1)),
              HasSubstr("signature.of has 65 items; at most 64 are allowed"));
}

TEST(PolicyBounds, ABaseImageMayHave256Digests) {
  const auto of = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += "\"sha256:" + std::string(64, 'a') + "\", ";
    return rule("baseImage: {digests: [" + list + "]}");
  };
  EXPECT_EQ(errors_of(of(256)), "");
  EXPECT_THAT(errors_of(of(257)), HasSubstr("baseImage.digests has 257 items; at most 256 are allowed"));
}

TEST(PolicyBounds, NamesAreAsLongAsThoseOfKubernetes) {
  const auto named = [](const std::string& name, const std::string& rule_name) {
    return testing::all_errors(testing::load_text(
        "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: " + name +
        "}\nspec: {rules: [{name: " + rule_name + ", digest: required}]}\n"));
  };
  EXPECT_EQ(named(letters(253), letters(63)), "");
  EXPECT_THAT(named(letters(254), "a"), HasSubstr("metadata.name has 254 bytes; at most 253"));
  EXPECT_THAT(named("a", letters(64)), HasSubstr("spec.rules[0].name has 64 bytes; at most 63"));
}

TEST(PolicyBounds, OtherTextsMayHaveOneKibibyte) {
  const auto reason = [](std::size_t bytes) {
    return errors_of(rule("digest: required") + "  exemptions: [{rules: [a], images: [\"**\"], reason: " +
                     letters(bytes) + ", owner: o, expires: 2030-01-01}]\n");
  };
  EXPECT_EQ(reason(limits::kPolicyText), "");
  EXPECT_THAT(reason(limits::kPolicyText + 1), HasSubstr("reason has 1025 bytes; at most 1024"));
}

TEST(PolicyBounds, AnExpressionMayNotGrowBeyondTheMemoryOfRe2) {
  EXPECT_EQ(errors_of(rule("tag: {pattern: \"[0-9a-f]{1,100}\"}")), "");
  EXPECT_THAT(errors_of(rule("tag: {pattern: \"((a{1,30}){1,30}){1,30}\"}")),
              HasSubstr("is not a regular expression"));
}

TEST(PlainScalar, IsNotTextWhereAnyYamlReaderTakesItForSomethingElse) {
  for (const auto* text : {"",    "~",   "null",      "Null",      "NULL", "true",  "True",  "yes",
                           "YES", "no",  "on",        "Off",       "y",    "N",     "0",     "7",
                           "-1",  "+1",  "012",       "0o17",      "0x1F", "0b1",   "1_000", "1.5",
                           ".5",  "1e3", "6.8523E+5", "190:20:30", ".inf", "-.INF", ".nan",  "111122223333"})
    EXPECT_TRUE(plain_is_not_text(text)) << text;
  for (const auto* text : {"yes-we-do", "deny", "v1", "1a", "7e", "2027-01-31", "1.2.3", "0x", "nullable",
                           "e3", "-", "team-pay", "sha256:00", "a7"})
    EXPECT_FALSE(plain_is_not_text(text)) << text;
}

}  // namespace
}  // namespace tegata::policy
