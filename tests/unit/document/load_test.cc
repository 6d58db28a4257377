// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>

#include "testdata_folder.h"
#include "tests/unit/document/documents.h"

namespace tegata::policy {
namespace {

using ::testing::HasSubstr;

TEST(PolicyReader, LoadsEveryValidDocumentWithoutAnError) {
  for (const auto& document : testing::valid_documents()) {
    const auto result = testing::load_text(document.text);
    EXPECT_TRUE(result.policies.has_value()) << document.what << "\n" << testing::all_errors(result);
    EXPECT_TRUE(result.errors.empty()) << document.what;
  }
}

TEST(PolicyReader, RefusesEveryOtherAtItsPlaceInItsWords) {
  for (const auto& document : testing::refused_documents()) {
    const auto result = testing::load_text(std::string(testing::kHead) + std::string(document.text));
    EXPECT_FALSE(result.policies.has_value()) << document.what;
    const auto place = "policy.yaml:" + std::string(document.where) + ": ";
    bool found = false;
    for (const auto& error : result.errors) {
      const auto text = error.text();
      found |= text.starts_with(place) && text.find(document.message) != std::string::npos;
    }
    EXPECT_TRUE(found) << document.what << ": expected " << place << document.message << "\ngot\n"
                       << testing::all_errors(result);
  }
}

TEST(PolicyReader, IsTriedOnAtLeastSixtyDocuments) {
  EXPECT_GE(testing::valid_documents().size() + testing::refused_documents().size(), 60U);
}

TEST(PolicyReader, TellsAllErrorsInTheOrderOfTheirPlaces) {
  const auto result = testing::load_text(
      "apiVersion: v1\nkind: Policy\nmetadata: {name: A, labels: {}}\nspec:\n  onMissing: no\n  rules:\n"
      "    - {name: a, images: [x], digest: required}\n  exemptions:\n"
      "    - {rules: [b], images: [\"**\"], reason: r, owner: o, expires: 2030-13-01}\n");
  std::vector<std::string> places;
  for (const auto& error : result.errors)
    places.push_back(std::to_string(error.mark.line) + ":" + std::to_string(error.mark.column));
  EXPECT_THAT(places, ::testing::ElementsAre("1:13", "2:7", "3:18", "3:21", "5:14", "7:26", "9:16", "9:66"))
      << testing::all_errors(result);
}

TEST(PolicyReader, TellsOneErrorOfOnePlaceWhereShapeAndMeaningAreBothWrong) {
  const auto result = testing::load_text(std::string(testing::kHead) +
                                         "  rules: [{name: r, allowedRegistries: [\"a b/c\"]}]\n");
  ASSERT_EQ(result.errors.size(), 1U) << testing::all_errors(result);
}

TEST(PolicyReader, StopsAtFiftyErrors) {
  for (const std::size_t wrong : {49U, 50U, 51U}) {
    std::string text(testing::kHead);
    text += testing::kRules;
    for (std::size_t i = 0; i < wrong; ++i) text += "  wrong" + std::to_string(i) + ": 1\n";
    EXPECT_EQ(testing::load_text(text).errors.size(), std::min<std::size_t>(wrong, 50));
  }
}

TEST(PolicyReader, RefusesAnEmptyFileAndNoFileAtAll) {
  testing::TestTrust trust;
  EXPECT_THAT(testing::all_errors(testing::load_text("")), HasSubstr("policy.yaml:1:1: the file is empty"));
  EXPECT_THAT(testing::all_errors(testing::load_text("# only a comment\n")), HasSubstr("the file is empty"));
  EXPECT_THAT(testing::all_errors(testing::load_text("---\n")), HasSubstr("an empty document"));
  const auto none = load({}, trust);
  EXPECT_FALSE(none.policies);
  EXPECT_EQ(testing::all_errors(none), "no policy: expected at least one file\n");
}

TEST(PolicyReader, ReadsFilesInTheOrderOfTheirNamesAndRefusesOneNameTwice) {
  testing::TestTrust trust;
  const auto named = [](const std::string& name) {
    return "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: " + name +
           "}\nspec: {rules: [{name: a, digest: required}]}\n";
  };
  const auto result =
      load({{"b.yaml", "/", named("two") + "---\n" + named("three")}, {"a.yaml", "/", named("one")}}, trust);
  ASSERT_TRUE(result.policies) << testing::all_errors(result);
  ASSERT_EQ(result.policies->policies.size(), 3U);
  EXPECT_EQ(result.policies->policies[0].name, "one");
  EXPECT_EQ(result.policies->policies[1].name, "two");
  EXPECT_EQ(result.policies->policies[2].name, "three");
  EXPECT_EQ(result.policies->policies[2].mark.file, "b.yaml");
  EXPECT_EQ(result.policies->policies[2].mark.line, 6);

  const auto twice = load({{"b.yaml", "/", named("one")}, {"a.yaml", "/", named("one")}}, trust);
  EXPECT_EQ(testing::all_errors(twice),
            "b.yaml:3:18: two policies are named 'one'; the first is at a.yaml:3\n");
}

/// Loads every ```yaml of a page; how many there are.
int examples_that_load(const std::string& page) {
  std::ifstream file(std::string(TEGATA_SOURCE_DIR) + "/" + page);
  std::string line;
  std::string example;
  bool inside = false;
  int examples = 0;
  while (std::getline(file, line)) {
    if (line == "```yaml") {
      inside = true;
      example.clear();
    } else if (inside && line == "```") {
      inside = false;
      ++examples;
      const auto result = testing::load_text(example);
      EXPECT_TRUE(result.policies) << page << "\n" << example << testing::all_errors(result);
    } else if (inside) {
      example += line + "\n";
    }
  }
  return examples;
}

TEST(Documentation, HasOnlyPoliciesThatLoad) {
  EXPECT_EQ(examples_that_load("docs/policy-reference.md"), 22);
  EXPECT_EQ(examples_that_load("README.md"), 1);
}

}  // namespace
}  // namespace tegata::policy
