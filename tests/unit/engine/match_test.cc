// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/applicable.h"

#include <gmock/gmock.h>

#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;

Policy with_match(std::optional<Match> match) {
  auto owner = policy({});
  owner.match = std::move(match);
  return owner;
}

bool takes_namespace(const Match::Kubernetes& match, const std::string& ns) {
  auto asked = request({});
  asked.ns = ns;
  return matches(with_match(Match{match, std::nullopt}), asked);
}

TEST(Match, WithoutABlockOrAWordTakesEverything) {
  EXPECT_TRUE(matches(with_match(std::nullopt), request({})));
  EXPECT_TRUE(matches(with_match(std::nullopt), ecs_request({})));
  EXPECT_TRUE(matches(with_match(Match{Match::Kubernetes{}, std::nullopt}), request({})));
  EXPECT_TRUE(matches(with_match(Match{std::nullopt, Match::Ecs{}}), ecs_request({})));
}

TEST(Match, NeverTakesAPlatformWithoutItsBlock) {
  EXPECT_FALSE(matches(with_match(Match{}), request({})));
  EXPECT_FALSE(matches(with_match(Match{}), ecs_request({})));
  EXPECT_FALSE(matches(with_match(Match{std::nullopt, Match::Ecs{}}), request({})));
  EXPECT_FALSE(matches(with_match(Match{Match::Kubernetes{}, std::nullopt}), ecs_request({})));
}

TEST(Match, TakesNamespacesByName) {
  EXPECT_TRUE(takes_namespace({{"prod"}, {}}, "prod"));
  EXPECT_FALSE(takes_namespace({{"prod"}, {}}, "prod-1"));
  EXPECT_TRUE(takes_namespace({{"dev", "prod-*"}, {}}, "prod-1"));
  EXPECT_TRUE(takes_namespace({{"prod*"}, {}}, "prod"));
  EXPECT_FALSE(takes_namespace({{"prod-*"}, {}}, "my-prod-1"));
  EXPECT_FALSE(takes_namespace({{"prod-*"}, {}}, ""));
  EXPECT_TRUE(takes_namespace({{"*"}, {}}, "anything"));
}

TEST(Match, ExcludesNamespacesBeforeAnythingElse) {
  EXPECT_FALSE(takes_namespace({{"prod-*"}, {"prod-sandbox"}}, "prod-sandbox"));
  EXPECT_TRUE(takes_namespace({{"prod-*"}, {"prod-sandbox"}}, "prod-sandbox-2"));
  EXPECT_FALSE(takes_namespace({{}, {"kube-*"}}, "kube-system"));
  EXPECT_TRUE(takes_namespace({{}, {"kube-*"}}, "prod"));
  EXPECT_FALSE(takes_namespace({{"prod"}, {"*"}}, "prod"));
}

bool takes_ecs(const Match::Ecs& match, const std::string& account, std::optional<std::string> cluster) {
  auto asked = ecs_request({});
  asked.account = account;
  asked.cluster = std::move(cluster);
  return matches(with_match(Match{std::nullopt, match}), asked);
}

TEST(Match, TakesEcsByAccountAndCluster) {
  const Match::Ecs match{{"111122223333"}, {"prod-*", "default"}};
  EXPECT_TRUE(takes_ecs(match, "111122223333", "prod-1"));
  EXPECT_TRUE(takes_ecs(match, "111122223333", "default"));
  EXPECT_FALSE(takes_ecs(match, "111122223333", "sandbox"));
  EXPECT_FALSE(takes_ecs(match, "999922223333", "prod-1"));
  EXPECT_TRUE(takes_ecs({{}, {"prod-*"}}, "999922223333", "prod-1"));
  EXPECT_FALSE(takes_ecs({{"1111*"}, {}}, "111122223333", "prod-1"));
}

TEST(Match, TakesARequestWithoutAClusterByItsAccountAlone) {
  const Match::Ecs match{{"111122223333"}, {"prod-*"}};
  EXPECT_TRUE(takes_ecs(match, "111122223333", std::nullopt));
  EXPECT_FALSE(takes_ecs(match, "999922223333", std::nullopt));
}

TEST(Match, DoesNotExcludeByAnAccountThatIsNotKnown) {
  EXPECT_TRUE(takes_ecs({{"111122223333"}, {"prod-*"}}, "", std::nullopt));
}

TEST(Match, AndsThePoliciesThatMatch) {
  auto other = policy({rule("other", commit_id_tags())});
  other.name = "second";
  const auto verdict = judge(set(std::vector{policy({rule("first", DigestCheck{})}), other}),
                             request({"h.example/app:v1"}), {}, options());
  EXPECT_THAT(verdict.rules, ::testing::ElementsAre("first", "other"));
  EXPECT_EQ(verdict.findings[0].policy, "production");
  EXPECT_EQ(verdict.findings[1].policy, "second");
}

}  // namespace
}  // namespace tegata::policy
