// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>

#include "policy/engine/applicable.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kDigest = digest_of(0x11).text();

/// The verdict of one `digest: required` rule under an exemption.
Verdict judged(const Exemption& exempted, const std::vector<std::string>& images, Time now = kNow,
               const Check& check = DigestCheck{}) {
  auto owner = policy({rule("r", check), rule("other", TagCheck{})});
  owner.rules[1].images = {glob("never.example/**")};
  owner.exemptions = {exempted};
  auto how = options();
  how.now = now;
  return judge(set(std::vector{owner}), request(images), {}, how);
}

TEST(Exemptions, LiftTheRulesThatTheyNameFromTheImagesThatTheyMatch) {
  const auto docker = exemption({"r"}, {glob("docker.io/**")});
  EXPECT_EQ(judged(docker, {"nginx"}).decision, Decision::Allow);
  EXPECT_EQ(judged(docker, {"index.docker.io/nginx"}).decision, Decision::Allow);
  EXPECT_EQ(judged(docker, {"h.example/app"}).decision, Decision::Deny);
  EXPECT_THAT(judged(docker, {"nginx", "h.example/app"}).findings, SizeIs(1));
  EXPECT_EQ(judged(exemption({"other"}, {glob("docker.io/**")}), {"nginx"}).decision, Decision::Deny);
}

TEST(Exemptions, AreToldWhereTheyWereUsedAndNowhereElse) {
  const auto docker = exemption({"r"}, {glob("docker.io/**")});
  const auto verdict = judged(docker, {"nginx", "nginx", "redis", "h.example/app"});
  ASSERT_THAT(verdict.exemptions, SizeIs(2));
  EXPECT_EQ(verdict.exemptions[0].rule, "r");
  EXPECT_EQ(verdict.exemptions[0].owner, docker.owner);
  EXPECT_EQ(verdict.exemptions[0].reason, docker.reason);
  EXPECT_EQ(verdict.exemptions[0].expires, docker.expires_text);
  EXPECT_THAT(verdict.exemptions[0].image, HasSubstr("docker.io/library/nginx"));
  EXPECT_THAT(verdict.exemptions[1].image, HasSubstr("docker.io/library/redis"));
  EXPECT_THAT(judged(docker, {"nginx"}, docker.ends).exemptions, IsEmpty());
}

TEST(Exemptions, EndWithTheLastMomentOfTheirDay) {
  const auto docker = exemption({"r"}, {glob("docker.io/**")});
  EXPECT_EQ(judged(docker, {"nginx"}, docker.ends - std::chrono::milliseconds{1}).decision, Decision::Allow);
  EXPECT_EQ(judged(docker, {"nginx"}, docker.ends).decision, Decision::Deny);
}

TEST(Exemptions, CompareDigestsWithTheReferenceAsWritten) {
  auto check = signed_by({1});
  auto by_digest = exemption({"r"}, {});
  by_digest.digests = {digest_of(0x11)};
  EXPECT_EQ(judged(by_digest, {"nginx:v1@" + kDigest}, kNow, check).decision, Decision::Allow);
  EXPECT_EQ(judged(by_digest, {"nginx@" + digest_of(0x12).text()}, kNow, check).decision, Decision::Deny);
  EXPECT_EQ(judged(by_digest, {"nginx:v1"}, kNow, check).decision, Decision::Deny);
}

TEST(Exemptions, AndGlobsWithDigests) {
  auto both = exemption({"r"}, {glob("docker.io/**")});
  both.digests = {digest_of(0x11)};
  const auto check = signed_by({1});
  EXPECT_EQ(judged(both, {"nginx@" + kDigest}, kNow, check).decision, Decision::Allow);
  EXPECT_EQ(judged(both, {"h.example/app@" + kDigest}, kNow, check).decision, Decision::Deny);
  EXPECT_EQ(judged(both, {"nginx@" + digest_of(0x12).text()}, kNow, check).decision, Decision::Deny);
}

TEST(Exemptions, LiftNothingWhereTheySayNeitherGlobNorDigest) {
  EXPECT_EQ(judged(exemption({"r"}, {}), {"nginx"}).decision, Decision::Deny);
}

TEST(Exemptions, BelongToTheirPolicyOnly) {
  auto first = policy({rule("r", DigestCheck{})});
  first.exemptions = {exemption({"r"}, {glob("**")})};
  auto second = policy({rule("r", DigestCheck{})});
  second.name = "second";
  const auto verdict = judge(set(std::vector{first, second}), request({"nginx"}), {}, options());
  ASSERT_THAT(verdict.findings, SizeIs(1));
  EXPECT_EQ(verdict.findings[0].policy, "second");
}

TEST(Exemptions, LiftARuleAboutTheRequestOnlyIfEveryImageMatches) {
  const auto docker = exemption({"r"}, {glob("docker.io/**")});
  EXPECT_EQ(judged(docker, {"nginx", "redis"}, kNow, deployers()).decision, Decision::Allow);
  EXPECT_EQ(judged(docker, {"nginx", "h.example/app"}, kNow, deployers()).decision, Decision::Deny);
  EXPECT_EQ(judged(docker, {}, kNow, deployers()).decision, Decision::Deny);
  EXPECT_EQ(
      judged(exemption({"r"}, {glob("**")}), {"nginx", "No Image"}, kNow, deployers()).findings.at(0).reason,
      Reason::DeployerNotAllowed);
}

TEST(Exemptions, CountImagesThatDidNotChangeForARuleAboutTheRequest) {
  auto owner = policy({rule("r", deployers())});
  owner.exemptions = {exemption({"r"}, {glob("docker.io/**")})};
  auto asked = request({"nginx", "h.example/app"});
  asked.images[1].unchanged = true;
  EXPECT_EQ(judge(set(std::vector{owner}), asked, {}, options()).decision, Decision::Deny);
}

/// Exempting one vulnerability does not lift the rule: the facts are asked, and the rule sees what is
/// exempted.
TEST(Exemptions, OfSingleVulnerabilitiesAreHandedToTheRule) {
  const std::vector<std::string> known{"CVE-2026-0001"};
  auto scoped = exemption({"r"}, {glob("docker.io/**")});
  scoped.vulnerabilities = known;
  EXPECT_EQ(judged(scoped, {"nginx"}).decision, Decision::Deny);
  EXPECT_THAT(judged(scoped, {"nginx"}).exemptions, IsEmpty());
  EXPECT_EQ(judged(scoped, {"nginx"}, kNow, deployers()).decision, Decision::Deny);

  auto owner = policy({rule("r", signed_by({1})), rule("other", signed_by({1}))});
  owner.exemptions = {scoped};
  EXPECT_EQ(plan(set(std::vector{owner}), request({"nginx"}), kNow).images.size(), 1U);
  const auto of = [&](const std::string& text, Time now) {
    std::vector<std::vector<std::string>> seen;
    for (const auto& each : applicable_rules({&owner}, image(text), now).rules) {
      seen.emplace_back();
      for (const auto* exempted : each.scoped)
        seen.back().insert(seen.back().end(), exempted->vulnerabilities.begin(),
                           exempted->vulnerabilities.end());
    }
    return seen;
  };
  EXPECT_THAT(of("nginx", kNow), ElementsAre(known, IsEmpty()));
  EXPECT_THAT(of("h.example/app", kNow), ElementsAre(IsEmpty(), IsEmpty()));
  EXPECT_THAT(of("nginx", scoped.ends), ElementsAre(IsEmpty(), IsEmpty()));
}

TEST(Exemptions, WarnFourteenDaysBeforeTheirEndIfTheyWereUsed) {
  const auto docker = exemption({"r"}, {glob("docker.io/**")});
  const auto soon = docker.ends - std::chrono::days{14};
  EXPECT_THAT(
      judged(docker, {"nginx", "redis"}, soon).warnings,
      ElementsAre("the exemption from rule r of policy production (vendor fix due, owner team-pay) ends "
                  "after 2027-01-31"));
  EXPECT_THAT(judged(docker, {"nginx"}, soon - std::chrono::milliseconds{1}).warnings, IsEmpty());
  EXPECT_THAT(judged(docker, {"h.example/app"}, soon).warnings, IsEmpty());
  EXPECT_THAT(judged(docker, {"nginx"}, docker.ends).warnings, IsEmpty());
}

}  // namespace
}  // namespace tegata::policy
