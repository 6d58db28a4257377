// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/decision_table.h"

#include <gmock/gmock.h>

#include <sstream>

namespace tegata::webhook::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Finding unsigned_image(const std::string& image) {
  Finding finding;
  finding.policy = "production";
  finding.rule = "signed-by-ci";
  finding.kind = FindingKind::Missing;
  finding.reason = Reason::SignatureMissing;
  finding.field_path = "spec.template.spec.containers[0].image";
  finding.place = "container \"web\" (spec.template.spec.containers[0].image)";
  finding.image = image;
  finding.digest = *Digest::parse("sha256:" + std::string(64, 'a'));
  finding.expected = "a signature by keys/ci.pub";
  finding.found = "no signature";
  finding.remedy = "ask the owner of the build pipeline to sign the image: `cosign sign --key KEY " + image +
                   "@sha256:" + std::string(64, 'a') + "`";
  finding.message = "one line";
  return finding;
}

std::string table_of(const Verdict& verdict) {
  std::ostringstream out;
  std::ostringstream err;
  DeploymentRequest request;
  request.kind = "apps/v1 Deployment";
  request.ns = "shop";
  request.name = "web";
  print_table({{"web.yaml", request, verdict, ""}}, {}, Terminal{out, err});
  return out.str();
}

Verdict denial(std::vector<Finding> findings) {
  Verdict verdict;
  verdict.decision = Decision::Deny;
  verdict.would_be = Decision::Deny;
  for (const auto& finding : findings) verdict.images.push_back({finding.image, finding.digest});
  verdict.findings = std::move(findings);
  return verdict;
}

TEST(DecisionTable, TellsRuleExpectedFoundAndFixInLinesOfTheirOwn) {
  EXPECT_EQ(
      table_of(denial({unsigned_image("h.example/web")})),
      "deny       web.yaml  apps/v1 Deployment shop/web\n"
      "  image h.example/web in container \"web\" (spec.template.spec.containers[0].image)\n"
      "    deny     lacks what is required by rule signed-by-ci of policy production: SignatureMissing (the\n"
      "             image is not signed)\n"
      "             expected: a signature by keys/ci.pub\n"
      "             found:    no signature\n"
      "             fix:      ask the owner of the build pipeline to sign the image:\n"
      "                       `cosign sign --key KEY "
      "h.example/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`\n"
      "\n"
      "1 judged, 1 deny\n");
}

TEST(DecisionTable, StaysWithin100ColumnsWhereThereAreSpacesToBreakAt) {
  auto finding = unsigned_image("h.example/web");
  finding.found.clear();
  finding.remedy.clear();
  // At the bound, and one past it: indent and label take 23 columns.
  finding.expected = std::string(70, 'x') + " " + std::string(6, 'y');
  EXPECT_THAT(table_of(denial({finding})), HasSubstr(std::string(70, 'x') + " yyyyyy\n"));
  finding.expected += "y";
  EXPECT_THAT(table_of(denial({finding})),
              HasSubstr(std::string(70, 'x') + "\n" + std::string(23, ' ') + "yyyyyyy\n"));
  // Three bytes each, one column each.
  finding.expected = std::string(70, 'x') + " \xE6\x89\x8B\xE6\x89\x8B\xE6\x89\x8B";
  EXPECT_THAT(table_of(denial({finding})), HasSubstr(std::string(70, 'x') + " \xE6\x89\x8B"));
}

TEST(DecisionTable, ListsTheImagesThatNothingIsSaidOf) {
  auto verdict = denial({unsigned_image("h.example/web")});
  verdict.images.push_back({"h.example/good:v1", *Digest::parse("sha256:" + std::string(64, 'b'))});
  const auto table = table_of(verdict);
  EXPECT_THAT(table, HasSubstr("  image    h.example/good:v1  is sha256:" + std::string(64, 'b') + "\n"));
  EXPECT_THAT(table, Not(HasSubstr("  image    h.example/web")));
}

TEST(DecisionTable, LetsNoHelpMoveTheCursor) {
  auto finding = unsigned_image("h.example/web");
  finding.help = "see \x1b[2J the wiki";
  EXPECT_THAT(table_of(denial({finding})), HasSubstr("help:     see ?[2J the wiki\n"));
}

}  // namespace
}  // namespace tegata::webhook::cli
