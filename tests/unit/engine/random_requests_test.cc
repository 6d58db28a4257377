// SPDX-License-Identifier: Apache-2.0
// Ten thousand requests, policies and sets of facts that nobody would write: judge never throws,
// gives the same answer twice, and what it says of itself holds together.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "policy/model/index_manifests.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using tegata::testing::SignatureForger;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t bound) { return engine_() % bound; }
  bool coin() { return below(2) == 0; }
  template <typename T>
  const T& of(const std::vector<T>& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937 engine_;
};

const std::vector<std::string> kImages{"nginx",
                                       "No Image",
                                       "",
                                       "h.example/app:v1",
                                       "evil.example/x",
                                       pinned_image(),
                                       "h.example/app:" + kCommit,
                                       "h.example/app@" + digest_of(0x22).text(),
                                       "\u202e\n",
                                       "nginx"};

CostSettings random_costs(Dice& dice) {
  CostSettings costs;
  if (dice.coin()) costs.enforcement = static_cast<Enforcement>(dice.below(3));
  if (dice.coin()) costs.on_missing = static_cast<Cost>(dice.below(4));
  if (dice.coin()) costs.on_unknown = static_cast<Cost>(dice.below(4));
  return costs;
}

Check random_check(Dice& dice) {
  switch (dice.below(10)) {
    case 0:
      return registries({dice.coin() ? "h.example/**" : "**"});
    case 1:
      return commit_id_tags();
    case 2:
      return DigestCheck{};
    case 3:
      return deployers();
    case 4:
      return BaseImageCheck{{digest_of(0xaa)}};
    case 8:
      return AgeCheck{std::chrono::hours(dice.below(100)), "99h"};
    case 7:
      return ImageConfigCheck{dice.coin(), dice.coin(), dice.coin(), dice.coin()};
    case 6:
      return DeniedCheck{
          std::make_shared<const DigestList>(DigestList{{digest_of(dice.coin() ? 0x22 : 0x33)}}),
          "denied.txt"};
    case 5: {
      auto check = commit_id_tags();
      check.commit_from = CommitFrom::Label;
      return check;
    }
    default:
      return signed_by({1, 2, 3}, static_cast<SignatureCheck::Combine>(dice.below(3)), dice.below(4));
  }
}

PolicySet random_policies(Dice& dice) {
  std::vector<Policy> policies;
  for (std::size_t i = dice.below(4); i > 0; --i) {
    auto made = policy({}, random_costs(dice));
    for (std::size_t r = dice.below(5); r > 0; --r) {
      auto one = rule("r" + std::to_string(r), random_check(dice));
      one.costs = random_costs(dice);
      if (!is_about_request(one.check) && dice.below(4) == 0) one.images = {glob("h.example/**")};
      made.rules.push_back(std::move(one));
    }
    if (dice.coin()) made.exemptions = {exemption({"r1", "r2"}, {glob(dice.coin() ? "**" : "docker.io/**")})};
    if (dice.below(4) == 0) made.match = Match{Match::Kubernetes{{"p*"}, {}}, std::nullopt};
    policies.push_back(std::move(made));
  }
  return set(std::move(policies));
}

DeploymentRequest random_request(Dice& dice) {
  std::vector<std::string> images(dice.below(5));
  for (auto& text : images) text = dice.of(kImages);
  auto asked = dice.coin() ? request(images) : ecs_request(images);
  for (auto& one : asked.images) one.unchanged = dice.below(4) == 0;
  asked.deployer.question = static_cast<DeployerQuestion>(dice.below(4));
  asked.mirror_pod = dice.below(8) == 0;
  if (dice.below(4) == 0) asked.deployer.caller = std::monostate();
  if (dice.below(8) == 0) asked.images_unknown = Error{ErrorCode::NotFound, "none"};
  return asked;
}

Fact<std::shared_ptr<const SignatureFacts>> random_signatures(Dice& dice) {
  if (dice.below(6) == 0) return Absent{};
  if (dice.below(6) == 0) return Unknown{{static_cast<ErrorCode>(dice.below(11)), "no answer"}};
  std::vector<AuthorityFacts> authorities;
  for (std::uint8_t key = 1; key <= 3; ++key) {
    AuthorityFacts facts{digest_of(key), {}, {}};
    if (dice.coin()) facts.verified.push_back(SignatureForger::forge(digest_of(0x11), digest_of(key)));
    if (dice.coin())
      facts.rejected.push_back({static_cast<RejectionReason>(dice.below(11)), "\x01", std::nullopt});
    if (dice.below(8) != 0) authorities.push_back(std::move(facts));
  }
  auto facts = testing::facts_of(std::move(authorities));
  facts.too_many = dice.below(8) == 0;
  if (dice.below(4) == 0) facts.unknown = Error{static_cast<ErrorCode>(dice.below(11)), "cut short"};
  return Known<std::shared_ptr<const SignatureFacts>>{
      std::make_shared<const SignatureFacts>(std::move(facts))};
}

Fact<std::shared_ptr<const ImageLabels>> random_labels(Dice& dice) {
  if (dice.below(6) == 0) return Absent{};
  if (dice.below(6) == 0) return Unknown{{static_cast<ErrorCode>(dice.below(11)), "no answer"}};
  ImageLabels said;
  if (dice.coin()) said.labels = {{"org.opencontainers.image.revision", dice.coin() ? kCommit : "\u202e\n"}};
  if (dice.coin())
    said.configs = {{"\u202e",
                     dice.coin() ? "0" : "\n",
                     dice.coin(),
                     {"\x01"},
                     {"\x02"},
                     dice.coin() ? "\n" : "2026-11-20T00:00:00Z"}};
  if (dice.coin())
    said.annotations = {{"org.opencontainers.image.base.digest", digest_of(dice.coin() ? 0xaa : 1).text()}};
  return Known<std::shared_ptr<const ImageLabels>>{std::make_shared<const ImageLabels>(std::move(said))};
}

FactOf<ManifestsKind> random_manifests(Dice& dice) {
  if (dice.below(6) == 0) return Absent{};
  if (dice.below(6) == 0) return Unknown{{static_cast<ErrorCode>(dice.below(11)), "no answer"}};
  return testing::known_fact<ManifestsKind>(IndexManifests{{digest_of(0x33), digest_of(0x44)}});
}

GatheredFacts random_facts(Dice& dice) {
  GatheredFacts all;
  for (const auto& text : kImages) {
    const auto image = ImageReference::parse(text);
    if (!image.ok() || dice.below(5) == 0) continue;
    ImageFacts facts{image->canonical()};
    const auto tag = image->effective_tag().value_or("");
    if (dice.below(5) == 0)
      facts.facts.add<TagKind>({tag}, Absent{});
    else if (dice.coin())
      facts.facts.add<TagKind>({tag}, known_tag(digest_of(dice.coin() ? 0x11 : 0x22)));
    if (dice.coin())
      facts.facts.add<SignatureKind>(testing::signatures_in(image->repository()), random_signatures(dice));
    if (dice.coin()) facts.facts.add<LabelKind>({}, random_labels(dice));
    if (dice.coin()) facts.facts.add<ManifestsKind>({}, random_manifests(dice));
    all.images.push_back(std::move(facts));
  }
  return all;
}

void expect_consistent(const Verdict& verdict) {
  bool denied = false;
  bool would_deny = false;
  for (const auto& finding : verdict.findings) {
    denied |= finding.cost == Cost::Deny;
    would_deny |= finding.would_cost == Cost::Deny;
    EXPECT_LE(finding.cost, finding.would_cost);
    EXPECT_FALSE(finding.remedy.empty());
    EXPECT_NE(finding.message.find("; fix: "), std::string::npos);
    EXPECT_TRUE(std::all_of(finding.message.begin(), finding.message.end(), [](char c) {
      return c >= 0x20 && c < 0x7f;
    })) << finding.message;
  }
  EXPECT_EQ(verdict.decision == Decision::Deny, denied);
  EXPECT_EQ(verdict.would_be, would_deny ? Decision::Deny : Decision::Allow);
  EXPECT_EQ(verdict.reasons.empty(), !would_deny);
}

TEST(Judge, IsTotalDeterministicAndConsistentOnTenThousandRandomRequests) {
  int denied = 0;
  for (unsigned seed = 0; seed < 10'000; ++seed) {
    Dice dice(seed);
    const auto policies = random_policies(dice);
    const auto asked = random_request(dice);
    const auto facts = random_facts(dice);
    const JudgeOptions how{static_cast<Mode>(dice.below(2)), static_cast<Unmatched>(dice.below(3)),
                           static_cast<CallerBudget>(dice.below(2)), kNow};
    Verdict first;
    ASSERT_NO_THROW(first = judge(policies, asked, facts, how)) << seed;
    ASSERT_EQ(text_of(first), text_of(judge(policies, asked, facts, how))) << seed;
    expect_consistent(first);
    denied += first.decision == Decision::Deny ? 1 : 0;
  }
  EXPECT_GT(denied, 1000);
  EXPECT_LT(denied, 9000);
}

TEST(Judge, NeverDeniesWhatGatherAnsweredWellForItsOwnPlan) {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    Dice dice(seed);
    auto policies = random_policies(dice);
    for (auto& owner : policies.policies)
      std::erase_if(owner.rules,
                    [](const Rule& one) { return !std::holds_alternative<SignatureCheck>(one.check); });
    auto asked = random_request(dice);
    std::erase_if(asked.images, [](const ContainerImage& one) { return !one.reference.ok(); });
    asked.images_unknown.reset();
    for (auto& owner : policies.policies)
      for (auto& one : owner.rules) one.check = signed_by({1, 2}, SignatureCheck::Combine::AllOf);
    const auto verdict = judge(policies, asked, good_facts(plan(policies, asked, kNow)), options());
    ASSERT_TRUE(verdict.findings.empty()) << text_of(verdict);
  }
}

}  // namespace
}  // namespace tegata::policy
