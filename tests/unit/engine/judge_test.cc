// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/engine.h"

#include <gmock/gmock.h>

#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Verdict judged(const PolicySet& policies, const DeploymentRequest& asked, JudgeOptions how = options()) {
  return judge(policies, asked, good_facts(plan(policies, asked, how.now)), how);
}

PolicySet everything() {
  return set(std::vector{policy({rule("ours", registries({"h.example/**"})), rule("tags", commit_id_tags()),
                                 rule("pinned", DigestCheck{}), rule("signed", signed_by({1})),
                                 rule("pipelines", deployers())})});
}

DeploymentRequest by_pipeline(const std::vector<std::string>& images) {
  auto asked = request(images);
  asked.deployer.caller = KubernetesUser{"release-bot", {}, ""};
  return asked;
}

TEST(Judge, AllowsWhatEveryRuleIsContentWith) {
  const auto verdict = judged(everything(), by_pipeline({pinned_image()}));
  EXPECT_EQ(verdict.decision, Decision::Allow) << text_of(verdict);
  EXPECT_EQ(verdict.would_be, Decision::Allow);
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_THAT(verdict.reasons, IsEmpty());
}

TEST(Judge, CollectsAllFindingsRequestFirstThenImagesInFieldOrderThenRulesAsWritten) {
  const auto verdict = judged(everything(), request({pinned_image(), "nginx", "h.example/app:v1"}));
  std::vector<std::string> told;
  for (const auto& finding : verdict.findings)
    told.push_back(finding.field_path + " " + finding.rule.value_or("-") + " " +
                   std::string(name_of(finding.reason)));
  EXPECT_THAT(told,
              ElementsAre(" pipelines DeployerNotAllowed", "spec.containers[1].image ours RegistryNotAllowed",
                          "spec.containers[1].image tags TagMissing",
                          "spec.containers[1].image pinned DigestRequired",
                          "spec.containers[2].image tags TagNotCommitId",
                          "spec.containers[2].image pinned DigestRequired"));
  EXPECT_EQ(verdict.decision, Decision::Deny);
  EXPECT_THAT(reasons_of(verdict), ElementsAre("DeployerNotAllowed", "DigestRequired", "RegistryNotAllowed",
                                               "TagMissing", "TagNotCommitId"));
  EXPECT_THAT(verdict.rules, ElementsAre("ours", "pinned", "pipelines", "tags"));
}

TEST(Judge, GivesNoFindingThatNeedsFactsOfARefusedImage) {
  const auto policies = everything();
  for (const Mode mode : {Mode::Enforce, Mode::DryRun}) {
    auto how = options();
    how.mode = mode;
    const auto verdict =
        judge(policies, by_pipeline({"evil.example/app:v1@" + digest_of(0x11).text()}), {}, how);
    EXPECT_THAT(reasons_of(verdict), ElementsAre("RegistryNotAllowed", "TagNotCommitId"));
    EXPECT_EQ(verdict.decision, mode == Mode::Enforce ? Decision::Deny : Decision::Allow);
  }
}

TEST(Judge, JudgesAllOfAnImageWhoseRefusalIsNotEnforced) {
  auto policies = everything();
  policies.policies[0].rules[0].costs.enforcement = Enforcement::Warn;
  const auto verdict = judge(policies, by_pipeline({"evil.example/app:" + kCommit}), {}, options());
  EXPECT_THAT(reasons_of(verdict), ElementsAre("DigestRequired", "InternalError", "RegistryNotAllowed"));
}

TEST(Judge, TakesAQuestionWithoutAnAnswerForUnknown) {
  const auto verdict = judge(everything(), by_pipeline({pinned_image()}), {}, options());
  ASSERT_EQ(verdict.findings.size(), 2U);
  for (const auto& finding : verdict.findings) {
    EXPECT_EQ(finding.kind, FindingKind::Unknown);
    EXPECT_EQ(finding.reason, Reason::InternalError);
  }
  EXPECT_EQ(verdict.decision, Decision::Deny);
}

TEST(Judge, CapsAMirrorPodAtWarnButNotWhatItWouldBe) {
  auto asked = request({"nginx"});
  asked.mirror_pod = true;
  const auto verdict = judged(everything(), asked);
  EXPECT_EQ(verdict.decision, Decision::Allow);
  EXPECT_EQ(verdict.would_be, Decision::Deny);
  for (const auto& finding : verdict.findings) EXPECT_EQ(finding.cost, Cost::Warn);
}

TEST(Judge, IsSilentInDryRunAndTellsWhatWouldBe) {
  auto how = options();
  how.mode = Mode::DryRun;
  const auto dry = judged(everything(), request({"nginx"}), how);
  const auto real = judged(everything(), request({"nginx"}));
  EXPECT_EQ(dry.decision, Decision::Allow);
  EXPECT_EQ(real.decision, Decision::Deny);
  EXPECT_EQ(dry.would_be, real.would_be);
  EXPECT_EQ(dry.reasons, real.reasons);
  EXPECT_EQ(dry.rules, real.rules);
  for (const auto& finding : dry.findings) EXPECT_EQ(finding.cost, Cost::DryRun);
}

// Images that are none.

TEST(Judge, FindsAReferenceThatIsNoneInEveryPolicyWhateverItsRulesLookAt) {
  auto first = policy({rule("r", DigestCheck{}, {glob("h.example/**")})});
  first.exemptions = {exemption({"r"}, {glob("**")})};
  auto second = policy({});
  second.name = "second";
  const auto verdict = judged(set(std::vector{first, second}), request({"No\u202e Image", ""}));
  ASSERT_EQ(verdict.findings.size(), 4U);
  for (const auto& finding : verdict.findings) {
    EXPECT_EQ(finding.reason, Reason::ReferenceInvalid);
    EXPECT_EQ(finding.rule, std::nullopt);
  }
  EXPECT_EQ(verdict.findings[0].policy, "production");
  EXPECT_EQ(verdict.findings[1].policy, "second");
  EXPECT_EQ(verdict.findings[0].image, "No\\u{202e} Image");
  EXPECT_THAT(verdict.rules, IsEmpty());
  EXPECT_THAT(verdict.images, IsEmpty());
}

TEST(Judge, SkipsAReferenceThatIsNoneWhereItDidNotChange) {
  auto asked = request({"No Image"});
  asked.images[0].unchanged = true;
  EXPECT_EQ(judged(set(rule("r", DigestCheck{})), asked).decision, Decision::Allow);
}

// Images that did not change.

TEST(Judge, SkipsImageRulesAndOnlyThoseForImagesThatDidNotChange) {
  auto asked = request({"nginx", "redis"});
  asked.images[0].unchanged = true;
  const auto verdict =
      judged(set(std::vector{policy({rule("pinned", DigestCheck{}), rule("who", deployers())})}), asked);
  ASSERT_EQ(verdict.findings.size(), 2U);
  EXPECT_EQ(verdict.findings[0].reason, Reason::DeployerNotAllowed);
  EXPECT_EQ(verdict.findings[1].field_path, "spec.containers[1].image");
}

// What is listed.

TEST(Judge, ListsEachImageOnceInFieldOrderWithTheDigestJudged) {
  const auto verdict = judged(
      set(rule("signed", signed_by({1}), {glob("h.example/**")})),
      request({"h.example/app:v1", "nginx", "docker.io/nginx", "i.example/x@" + digest_of(0x22).text()}));
  ASSERT_EQ(verdict.images.size(), 3U);
  EXPECT_EQ(verdict.images[0].image, "h.example/app:v1");
  EXPECT_EQ(verdict.images[0].digest, digest_of(0x11));
  EXPECT_EQ(verdict.images[1].image, "docker.io/library/nginx:latest");
  EXPECT_EQ(verdict.images[1].digest, std::nullopt);
  EXPECT_EQ(verdict.images[2].digest, digest_of(0x22));
}

TEST(Judge, ListsNoDigestThatOnlyObservingLearned) {
  const auto policies = set(rule("ours", registries({"**"})));
  const auto asked = request({"nginx"});
  const auto verdict = judge(policies, asked, good_facts(plan_observing(policies, asked, kNow)), options());
  EXPECT_EQ(verdict.images.at(0).digest, std::nullopt);
}

// Deployers who cannot be judged.

TEST(Judge, WarnsOnceForEachRuleOfADeployerThatIsNotEvaluable) {
  auto asked = request({"nginx", "redis"});
  asked.deployer = {};
  const auto verdict = judged(set(rule("who", deployers())), asked);
  EXPECT_EQ(verdict.decision, Decision::Allow);
  EXPECT_EQ(verdict.would_be, Decision::Allow);
  EXPECT_THAT(verdict.warnings,
              ElementsAre(HasSubstr(
                  "rule who of policy production is not evaluable: the input does not say who deploys")));
}

TEST(Judge, WarnsWhereNoContainerNamesAnImage) {
  const auto policies = set(rule("who", DeployersCheck{}));
  EXPECT_THAT(judged(policies, request({})).warnings,
              ElementsAre("no container names an image: there was none to judge"));
  EXPECT_THAT(judged(policies, request({"nginx"})).warnings, IsEmpty());
  auto unknown = ecs_request({});
  unknown.images_unknown = Error{ErrorCode::NotFound, "no such task definition"};
  EXPECT_THAT(judged(policies, unknown).warnings, IsEmpty());
}

TEST(Judge, SaysNothingOfChildrenSameTemplatesAndPlatformsWithoutABlock) {
  auto asked = request({"nginx"});
  asked.deployer.question = DeployerQuestion::ControllerChild;
  EXPECT_EQ(text_of(judged(set(rule("who", deployers())), asked)),
            text_of(judged(set(rule("who", DeployersCheck{})), asked)));
  asked.deployer.question = DeployerQuestion::NotEvaluable;
  const auto verdict = judged(set(rule("who", DeployersCheck{})), asked);
  EXPECT_THAT(verdict.warnings, IsEmpty());
  EXPECT_THAT(verdict.findings, IsEmpty());
}

// A task definition that is not at hand.

TEST(Judge, TakesImagesThatAreNotKnownForUnknownInEveryPolicy) {
  auto asked = ecs_request({});
  asked.images_unknown = Error{ErrorCode::NotFound, "no task definition shop:43"};
  auto second = policy({}, {std::nullopt, std::nullopt, Cost::Warn});
  second.name = "second";
  const auto verdict = judged(set(std::vector{policy({}), second}), asked);
  ASSERT_EQ(verdict.findings.size(), 2U);
  EXPECT_EQ(verdict.findings[0].kind, FindingKind::Unknown);
  EXPECT_EQ(verdict.findings[0].reason, Reason::TaskDefinitionUnknown);
  EXPECT_EQ(verdict.findings[0].cost, Cost::Deny);
  EXPECT_EQ(verdict.findings[1].cost, Cost::Warn);
  EXPECT_EQ(verdict.decision, Decision::Deny);
}

}  // namespace
}  // namespace tegata::policy
