// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "policy/document/diagnostics.h"
#include "policy/document/fields.h"
#include "policy/document/load.h"

namespace tegata::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string explained(const std::string& path) {
  const auto page = explain(path);
  EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().message);
  return page.ok() ? *page : "";
}
std::string refused(const std::string& path) {
  const auto page = explain(path);
  EXPECT_FALSE(page.ok()) << path;
  if (page.ok()) return {};
  EXPECT_EQ(page.error().code, ErrorCode::NotFound);
  return page.error().message;
}

TEST(PolicyExplain, BeginsWithTheWholeDocument) {
  EXPECT_EQ(explained(""),
            "DeploymentPolicy: what is demanded of deployments.\n\nFields:\n"
            "  apiVersion  The version of the policy language.\n"
            "  kind        What the document is.\n"
            "  metadata    What the policy is called.\n"
            "  spec        What the policy says.\n"
            "Required: apiVersion kind metadata spec\n\n"
            "More about a field: tegata policy explain spec.rules.tag\n");
}

TEST(PolicyExplain, TellsTypeWordsAndChoices) {
  EXPECT_EQ(explained("spec.rules.tag.digestOnly"),
            "spec.rules.tag.digestOnly: deny or allow\n"
            "Whether a reference with a digest and no tag passes; deny where absent.\n\nWords:\n"
            "  deny   Refused.\n  allow  Accepted.\n");
  EXPECT_THAT(explained("spec.rules"),
              HasSubstr("Exactly one of: allowedRegistries, tag, digest, signature, "
                        "attestation, baseImage, denied, imageConfig, age, deployers or vulnerabilities"));
  EXPECT_THAT(explained("spec.match"), HasSubstr("At least one of: kubernetes or ecs"));
  EXPECT_THAT(explained("spec.rules.tag.minLength"), HasSubstr("a number from 7 to 64"));
  EXPECT_THAT(explained("spec.rules.tag.minLength"), HasSubstr("Only beside 'format'."));
  EXPECT_THAT(explained("spec.rules.images"), HasSubstr("a list; each item: an image glob"));
  EXPECT_THAT(explained("metadata.name"), HasSubstr("Required."));
}

TEST(PolicyExplain, TellsWhatIsNotBuilt) {
  EXPECT_THAT(explained("spec.maxStale"), HasSubstr("spec.maxStale: not in this version of tegata"));
  EXPECT_THAT(explained("spec.rules.digest"), HasSubstr("resolve   (not in this version) "));
  EXPECT_THAT(explained("spec.rules.digest"), HasSubstr("spec.rules.digest: required\n"));
}

TEST(PolicyExplain, TakesPathsAsErrorsWriteThem) {
  EXPECT_EQ(explained("spec.rules[0].signature.anyOf[2].key"), explained("spec.rules.signature.anyOf.key"));
}

TEST(PolicyExplain, SuggestsTheNearestField) {
  EXPECT_THAT(refused("spec.ruels"), HasSubstr("no field 'ruels' in spec; did you mean 'rules'?"));
  EXPECT_THAT(refused("minLength"), HasSubstr("did you mean 'spec.rules.tag.minLength'?"));
  EXPECT_THAT(
      refused("spec.rules.tag.zzz"),
      HasSubstr(
          "expected format, minLength, pattern, digestOnly, immutable, matchesProvenance or commitFrom"));
  EXPECT_THAT(refused("spec..rules"), HasSubstr("no field '' in spec"));
  EXPECT_THAT(refused("spec.maxStale.x"), HasSubstr("no field 'x' in spec.maxStale"));
}

/// Every path of the table, by walking it.
void collect(Row<Field> fields, const std::string& path, std::vector<std::string>& paths) {
  for (const auto& field : fields) {
    paths.push_back(path + std::string(field.name));
    collect(field.fields, path + std::string(field.name) + ".", paths);
  }
}

TEST(PolicyExplain, HasAPageForEveryFieldWithASentence) {
  std::vector<std::string> paths;
  collect(document_fields(), "", paths);
  EXPECT_GT(paths.size(), 60U);
  for (const auto& path : paths) {
    const auto page = explained(path);
    EXPECT_TRUE(page.starts_with(path + ": ")) << page;
    EXPECT_THAT(page, HasSubstr(".\n")) << path;
  }
}

TEST(NearestWord, IsSuggestedForUpToTwoEditsOfAWordThatIsLongEnough) {
  const std::vector<std::string_view> known = {"enforcement", "tag", "images"};
  EXPECT_EQ(did_you_mean("enforcment", known), "; did you mean 'enforcement'?");
  EXPECT_EQ(did_you_mean("enforcmnt", known), "; did you mean 'enforcement'?");
  EXPECT_EQ(did_you_mean("enfrcmnt", known), "");
  EXPECT_EQ(did_you_mean("ENFORCEMENT", known), "; did you mean 'enforcement'?");
  EXPECT_EQ(did_you_mean("tga", known), "; did you mean 'tag'?");
  EXPECT_EQ(did_you_mean("gat", known), "");
  EXPECT_EQ(did_you_mean("", known), "");
  EXPECT_EQ(did_you_mean(std::string(10'000, 'x'), known), "");
}

TEST(QuotedText, IsShortAndHidesNothing) {
  EXPECT_EQ(in_quotes("a"), "'a'");
  EXPECT_EQ(in_quotes("a\nb\x01"), "'a b '");
  EXPECT_EQ(in_quotes("a\xE2\x80\xAE"), "'a" + std::string(3, '?') + "'");
  EXPECT_EQ(in_quotes("手形"), "'手形'");
  EXPECT_EQ(in_quotes(std::string(80, 'x')), "'" + std::string(80, 'x') + "'");
  EXPECT_EQ(in_quotes(std::string(81, 'x')), "'" + std::string(80, 'x') + "…'");
  EXPECT_EQ(in_quotes(std::string(79, 'x') + "手形"), "'" + std::string(79, 'x') + "…'");
}

}  // namespace
}  // namespace tegata::policy
