// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/engine.h"

#include <gmock/gmock.h>

#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using ::testing::IsEmpty;

const std::string kDigest = digest_of(0x11).text();

EvidencePlan plan_for(const PolicySet& policies, const std::vector<std::string>& images) {
  return plan(policies, request(images), kNow);
}

TEST(Plan, AsksNothingForRulesThatNeedNoFacts) {
  const auto policies =
      set(std::vector{policy({rule("a", registries({"h.example/**"})), rule("b", DigestCheck{}),
                              rule("c", commit_id_tags()), rule("d", deployers())})});
  EXPECT_THAT(plan_for(policies, {"h.example/app:v1", "nginx"}).images, IsEmpty());
}

TEST(Plan, ResolvesATagOnlyWhereItsDigestIsNeeded) {
  const auto tags = set(rule("t", commit_id_tags()));
  EXPECT_THAT(plan_for(tags, {"h.example/app:v1"}).images, IsEmpty());
  EXPECT_THAT(plan_for(tags, {"h.example/app@" + kDigest}).images, IsEmpty());
  EXPECT_TRUE(plan_for(tags, {"h.example/app:v1@" + kDigest}).images.at(0).questions.asks<TagKind>());
  const auto signatures = set(rule("s", signed_by({1})));
  EXPECT_TRUE(plan_for(signatures, {"h.example/app:v1"}).images.at(0).questions.asks<TagKind>());
  EXPECT_TRUE(plan_for(signatures, {"h.example/app"}).images.at(0).questions.asks<TagKind>());
  EXPECT_FALSE(plan_for(signatures, {"h.example/app:v1@" + kDigest}).images.at(0).questions.asks<TagKind>());
}

TEST(Plan, AsksOnceForAnImageHoweverOftenItStandsThere) {
  const auto asked = plan_for(set(rule("s", signed_by({1}))),
                              {"nginx", "docker.io/library/nginx:latest", "index.docker.io/nginx", "redis"});
  ASSERT_EQ(asked.images.size(), 2U);
  EXPECT_EQ(asked.images[0].image.canonical(), "docker.io/library/nginx:latest");
  EXPECT_EQ(asked.images[1].image.canonical(), "docker.io/library/redis:latest");
}

TEST(Plan, ReusesTheTrustOfARuleThatStandsAlone) {
  const auto check = signed_by({1});
  const auto asked = plan_for(set(rule("s", check)), {"nginx"});
  EXPECT_EQ(asked.images.at(0).questions.of<SignatureKind>().at(0).united().get(), check.trust.get());
}

TEST(Plan, UnitesWhomRulesTrustThatLookInOneRepository) {
  auto elsewhere = signed_by({3});
  elsewhere.repository = *Repository::parse("sigs.example/all");
  auto there_too = signed_by({4});
  there_too.repository = *Repository::parse("sigs.example/all");
  const auto asked = plan_for(
      set(std::vector{policy({rule("a", signed_by({1})), rule("b", signed_by({1, 2})), rule("c", elsewhere)}),
                      policy({rule("d", there_too)})}),
      {"h.example/app:v1"});
  const auto signatures = asked.images.at(0).questions.of<SignatureKind>();
  ASSERT_EQ(signatures.size(), 2U);
  EXPECT_EQ(signatures[0].repository.text(), "h.example/app");
  EXPECT_EQ(signatures[0].united()->authorities.size(), 2U);
  EXPECT_EQ(signatures[1].repository.text(), "sigs.example/all");
  EXPECT_EQ(signatures[1].united()->authorities.size(), 2U);
}

TEST(Plan, AsksForARulesImagesOnly) {
  const auto asked =
      plan_for(set(rule("s", signed_by({1}), {glob("h.example/**")})), {"nginx", "h.example/app"});
  ASSERT_EQ(asked.images.size(), 1U);
  EXPECT_EQ(asked.images[0].image.repository().registry, "h.example");
}

TEST(Plan, SkipsImagesThatDidNotChangeAndThoseThatAreNone) {
  auto asked = request({"nginx", "No Image", "redis"});
  asked.images[0].unchanged = true;
  const auto result = plan(set(rule("s", signed_by({1}))), asked, kNow);
  ASSERT_EQ(result.images.size(), 1U);
  EXPECT_EQ(result.images[0].image.repository().path, "library/redis");
}

TEST(Plan, AsksAboutAnImageThatChangedInOneOfItsPlaces) {
  auto asked = request({"nginx", "nginx"});
  asked.images[0].unchanged = true;
  EXPECT_EQ(plan(set(rule("s", signed_by({1}))), asked, kNow).images.size(), 1U);
}

TEST(Plan, AsksNothingWherePoliciesDoNotMatch) {
  auto owner = policy({rule("s", signed_by({1}))});
  owner.match = Match{Match::Kubernetes{{"other"}, {}}, std::nullopt};
  EXPECT_THAT(plan_for(set(std::vector{owner}), {"nginx"}).images, IsEmpty());
  EXPECT_THAT(plan_observing(set(std::vector{owner}), request({"nginx"}), kNow).images, IsEmpty());
}

TEST(Plan, LeavesOutWhatAnExemptionInForceLifts) {
  auto owner = policy({rule("s", signed_by({1})), rule("t", commit_id_tags())});
  owner.exemptions = {exemption({"s"}, {glob("docker.io/**")})};
  const auto policies = set(std::vector{owner});
  EXPECT_THAT(plan_for(policies, {"nginx"}).images, IsEmpty());
  EXPECT_EQ(plan(policies, request({"nginx"}), owner.exemptions[0].ends).images.size(), 1U);
  EXPECT_EQ(plan_for(policies, {"h.example/app"}).images.size(), 1U);
}

/// Who writes a Pod must not choose the hosts that we call.
class RefusedRegistry : public ::testing::Test {
 protected:
  /// Whether anything is asked about an image outside `h.example`.
  bool asks(const Rule& registries_rule, const CostSettings& costs = {}, bool unchanged = false) {
    auto owner = policy({registries_rule}, costs);
    owner.exemptions = exemptions_;
    auto second = policy({rule("s", signed_by({1}))});
    second.name = "second";
    auto asked = request({"evil.example/app"});
    asked.images[0].unchanged = unchanged;
    const auto policies = set(std::vector{second, owner});
    const bool planned = !plan(policies, asked, kNow).images.empty();
    EXPECT_EQ(!plan_observing(policies, asked, kNow).images.empty(), planned);
    return planned;
  }
  std::vector<Exemption> exemptions_;
  Rule ours_ = rule("ours", registries({"h.example/**"}));
};

TEST_F(RefusedRegistry, IsNeverCalledForAnyPolicy) { EXPECT_FALSE(asks(ours_)); }

TEST_F(RefusedRegistry, IsCalledWhereTheRefusalIsNotEnforced) {
  EXPECT_TRUE(asks(ours_, {Enforcement::Warn, std::nullopt, std::nullopt}));
  ours_.costs.enforcement = Enforcement::DryRun;
  EXPECT_TRUE(asks(ours_));
}

TEST_F(RefusedRegistry, IsToldByTheRulesOwnEnforcementFirst) {
  ours_.costs.enforcement = Enforcement::Deny;
  EXPECT_FALSE(asks(ours_, {Enforcement::DryRun, std::nullopt, std::nullopt}));
}

TEST_F(RefusedRegistry, IsCalledForImagesThatTheRuleDoesNotLookAt) {
  ours_.images = {glob("h.example/**")};
  EXPECT_TRUE(asks(ours_));
}

TEST_F(RefusedRegistry, IsCalledWhereAnExemptionLiftsTheRefusal) {
  exemptions_ = {exemption({"ours"}, {glob("evil.example/**")})};
  EXPECT_TRUE(asks(ours_));
  exemptions_[0].ends = kNow;
  EXPECT_FALSE(asks(ours_));
}

TEST_F(RefusedRegistry, IsNotCalledForAnImageThatDidNotChangeEither) { EXPECT_FALSE(asks(ours_, {}, true)); }

TEST_F(RefusedRegistry, AllowsNothingWithoutGlobs) { EXPECT_FALSE(asks(rule("none", AllowedRegistries{}))); }

TEST(PlanObserving, AsksForDigestAndCandidatesOfEveryImage) {
  const auto policies = set(rule("r", registries({"**"})));
  const auto asked = plan_observing(policies, request({"nginx", "h.example/app@" + kDigest}), kNow);
  ASSERT_EQ(asked.images.size(), 2U);
  EXPECT_TRUE(asked.images[0].questions.asks<TagKind>());
  EXPECT_FALSE(asked.images[1].questions.asks<TagKind>());
  for (const auto& image : asked.images) {
    ASSERT_EQ(image.questions.of<SignatureKind>().size(), 1U);
    EXPECT_EQ(image.questions.of<SignatureKind>()[0].repository, image.image.repository());
    EXPECT_THAT(image.questions.of<SignatureKind>()[0].united()->authorities, IsEmpty());
  }
}

TEST(PlanObserving, AddsNoSecondQuestionWhereARuleAsksAlready) {
  auto elsewhere = signed_by({2});
  elsewhere.repository = *Repository::parse("sigs.example/all");
  const auto policies = set(std::vector{policy({rule("a", signed_by({1})), rule("b", elsewhere)})});
  const auto asked = plan_observing(policies, request({"nginx"}), kNow);
  ASSERT_EQ(asked.images.at(0).questions.of<SignatureKind>().size(), 2U);
  EXPECT_EQ(asked.images[0].questions.of<SignatureKind>()[0].united()->authorities.size(), 1U);
  const auto alone = plan_observing(set(rule("b", elsewhere)), request({"nginx"}), kNow);
  ASSERT_EQ(alone.images.at(0).questions.of<SignatureKind>().size(), 2U);
  EXPECT_EQ(alone.images[0].questions.of<SignatureKind>()[1].repository.text(), "docker.io/library/nginx");
}

TEST(Plan, IsInTheTurnOfTheCallerAndOfTheNamespaceWhereAControllerCalls) {
  auto pod = request({pinned_image()});
  pod.deployer.who = "alice";
  pod.deployer.question = DeployerQuestion::Judge;
  pod.ns = "shop";
  const auto policies = set(rule("r", signed_by({1})));
  EXPECT_EQ(plan(policies, pod, kNow).user, "alice");
  pod.deployer.who = "system:serviceaccount:kube-system:replicaset-controller";
  pod.deployer.question = DeployerQuestion::ControllerChild;
  EXPECT_EQ(plan(policies, pod, kNow).user, *pod.deployer.who + " in shop");
  pod.deployer = {};
  EXPECT_EQ(plan(policies, pod, kNow).user, "");
}

}  // namespace
}  // namespace tegata::policy
