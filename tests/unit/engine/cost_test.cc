// SPDX-License-Identifier: Apache-2.0
// The table of design.md, section 4, "Cost": every combination, against the sentence written again.
#include "policy/engine/conclude.h"

#include <gmock/gmock.h>

#include <tuple>

#include "policy/engine/applicable.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;

const std::vector<std::optional<Enforcement>> kEnforcements{std::nullopt, Enforcement::DryRun,
                                                            Enforcement::Warn, Enforcement::Deny};
const std::vector<std::optional<Cost>> kWords{std::nullopt, Cost::Allow, Cost::DryRun, Cost::Warn,
                                              Cost::Deny};

int rank(Cost cost) { return static_cast<int>(cost); }
int rank(Enforcement enforcement) { return static_cast<int>(enforcement) + 1; }

/// One row of the table.
struct Row {
  FindingKind kind;
  Reason reason;
  ErrorCode code;  ///< of an unknown
  std::optional<Enforcement> policy_enforcement, rule_enforcement;
  std::optional<Cost> policy_word, rule_word;  ///< onMissing or onUnknown, as the kind asks
  Mode mode;
  CallerBudget budget;
  bool mirror;
};

/// Written from the sentence, in numbers: 0 allow, 1 dryrun, 2 warn, 3 deny.
std::pair<int, int> by_the_book(const Row& row) {
  int enforcement = 3;
  if (row.policy_enforcement) enforcement = rank(*row.policy_enforcement);
  if (row.rule_enforcement) enforcement = rank(*row.rule_enforcement);
  int word = 3;
  if (row.kind != FindingKind::Violates) {
    if (row.policy_word) word = rank(*row.policy_word);
    if (row.rule_word) word = rank(*row.rule_word);
  }
  const bool hasty = row.budget == CallerBudget::BelowMinimum && row.reason == Reason::CheckTimedOut;
  const bool own = row.code == ErrorCode::CutShort || row.code == ErrorCode::OwnRate ||
                   row.code == ErrorCode::AddressRefused || row.code == ErrorCode::Internal ||
                   row.code == ErrorCode::UnexpectedAnswer;
  if (row.kind == FindingKind::Unknown && (hasty || own)) word = 3;
  int now = enforcement < word ? enforcement : word;
  if (row.mirror && now > 2) now = 2;
  if (row.mode == Mode::DryRun && now > 1) now = 1;
  return {now, word};
}

/// The other kind's word is set to its opposite, so that a mix-up shows.
Cost opposite(const std::optional<Cost>& word) { return word == Cost::Allow ? Cost::Deny : Cost::Allow; }

std::pair<int, int> by_the_code(const Row& row) {
  auto judged = rule("r", DigestCheck{});
  auto owner = policy({});
  owner.costs.enforcement = row.policy_enforcement;
  judged.costs.enforcement = row.rule_enforcement;
  const bool missing = row.kind == FindingKind::Missing;
  owner.costs.on_missing = missing ? row.policy_word : opposite(row.policy_word);
  owner.costs.on_unknown = missing ? opposite(row.policy_word) : row.policy_word;
  judged.costs.on_missing = missing ? row.rule_word : opposite(row.rule_word);
  judged.costs.on_unknown = missing ? opposite(row.rule_word) : row.rule_word;
  auto asked = request({});
  asked.mirror_pod = row.mirror;
  auto raw = could_not_check({row.code, "no answer"}, {}, reference(pinned_image()).repository());
  if (row.kind != FindingKind::Unknown) raw = {row.reason, {}, {}, {}};
  const auto costs = costs_of(raw, owner, &judged, asked, {row.mode, Unmatched::Allow, row.budget, kNow});
  return {rank(costs.now), rank(costs.would)};
}

const std::vector<std::tuple<FindingKind, Reason, ErrorCode>> kKinds{
    {FindingKind::Violates, Reason::DigestRequired, ErrorCode::Internal},
    {FindingKind::Missing, Reason::SignatureMissing, ErrorCode::Internal},
    {FindingKind::Unknown, Reason::RegistryUnreachable, ErrorCode::Unavailable},
    {FindingKind::Unknown, Reason::RegistryRateLimited, ErrorCode::RateLimited},
    {FindingKind::Unknown, Reason::RegistryRateLimited, ErrorCode::OwnRate},
    {FindingKind::Unknown, Reason::RegistryUnreachable, ErrorCode::AddressRefused},
    {FindingKind::Unknown, Reason::CheckTimedOut, ErrorCode::DeadlineExceeded},
    {FindingKind::Unknown, Reason::CheckTimedOut, ErrorCode::CutShort},
    {FindingKind::Unknown, Reason::RegistryAnswerMalformed, ErrorCode::UnexpectedAnswer},
    {FindingKind::Unknown, Reason::InternalError, ErrorCode::Internal},
};

template <typename Body>
void for_each_row(Body body) {
  for (const auto& [kind, reason, code] : kKinds)
    for (const auto& policy_enforcement : kEnforcements)
      for (const auto& rule_enforcement : kEnforcements)
        for (const auto& policy_word : kWords)
          for (const auto& rule_word : kWords)
            for (const Mode mode : {Mode::Enforce, Mode::DryRun})
              for (const auto budget : {CallerBudget::Enough, CallerBudget::BelowMinimum})
                for (const bool mirror : {false, true})
                  body(Row{kind, reason, code, policy_enforcement, rule_enforcement, policy_word, rule_word,
                           mode, budget, mirror});
}

TEST(Cost, IsTheMilderOfEnforcementAndTheKindsSettingInEveryCombination) {
  int rows = 0;
  for_each_row([&](const Row& row) {
    ++rows;
    ASSERT_EQ(by_the_code(row), by_the_book(row))
        << name_of(row.kind) << ' ' << name_of(row.reason) << " row " << rows;
  });
  EXPECT_EQ(rows, 10 * 4 * 4 * 5 * 5 * 2 * 2 * 2);
}

TEST(Cost, OfAReferenceThatIsNoneIsItsPolicysEnforcement) {
  for (const auto& enforcement : kEnforcements) {
    auto owner = policy({rule("r", DigestCheck{})});
    owner.costs = {enforcement, Cost::Allow, Cost::Allow};
    owner.rules[0].costs.enforcement = Enforcement::DryRun;
    const auto verdict = judge(set(std::vector{owner}), request({"No Image"}), {}, options());
    ASSERT_EQ(verdict.findings.size(), 1U);
    EXPECT_EQ(verdict.findings[0].cost, cost_of(enforcement.value_or(Enforcement::Deny)));
    EXPECT_EQ(verdict.findings[0].would_cost, Cost::Deny);
  }
}

TEST(Cost, OfOneRuleDoesNotReachAnother) {
  auto loose = rule("loose", DigestCheck{});
  loose.costs.enforcement = Enforcement::DryRun;
  const auto verdict = judge(set(std::vector{policy({loose, rule("strict", commit_id_tags())})}),
                             request({"h.example/app:v1"}), {}, options());
  ASSERT_EQ(verdict.findings.size(), 2U);
  EXPECT_EQ(verdict.findings[0].cost, Cost::DryRun);
  EXPECT_EQ(verdict.findings[1].cost, Cost::Deny);
  EXPECT_EQ(verdict.decision, Decision::Deny);
}

/// From rule to decision: what the table says is what happens.
TEST(Cost, DecidesAndTellsWhatWouldBe) {
  for_each_row([&](const Row& row) {
    if (row.mirror || row.reason == Reason::DigestRequired || row.policy_enforcement) return;
    auto judged = rule("signed", signed_by({1}));
    judged.costs = {row.rule_enforcement, row.rule_word, row.rule_word};
    auto owner = policy({judged}, {row.policy_enforcement, row.policy_word, row.policy_word});
    auto facts = good_facts(plan(set(std::vector{owner}), request({pinned_image()}), kNow));
    if (row.kind == FindingKind::Missing)
      facts.images[0] = testing::known_image(reference(pinned_image()),
                                             testing::facts_of({{testing::digest_of(1), {}, {}}}));
    else
      testing::put<SignatureKind>(facts.images[0],
                                  testing::signatures_in(reference(pinned_image()).repository()),
                                  Unknown{{row.code, "no answer"}});
    const auto verdict = judge(set(std::vector{owner}), request({pinned_image()}), facts,
                               {row.mode, Unmatched::Allow, row.budget, kNow});
    const auto [now, would] = by_the_book(row);
    ASSERT_EQ(verdict.findings.size(), 1U);
    ASSERT_EQ(verdict.findings[0].kind, row.kind);
    ASSERT_EQ(verdict.findings[0].reason, row.reason);
    ASSERT_EQ(verdict.decision, now == 3 ? Decision::Deny : Decision::Allow);
    ASSERT_EQ(verdict.would_be, would == 3 ? Decision::Deny : Decision::Allow);
    ASSERT_EQ(verdict.reasons.size(), would == 3 ? 1U : 0U);
    ASSERT_EQ(verdict.rules.size(), would == 3 ? 1U : 0U);
  });
}

// What could be a denial at all.

const std::string kOurs = "registry.example/app:1";

bool can_deny_any(const Policy& policy, const DeploymentRequest& request) {
  return can_deny(set(std::vector{policy}), request, kNow);
}

TEST(CanDeny, OnlyWhereARuleAtDenyLooksAtSomethingInTheRequest) {
  const auto here = policy({rule("r", DigestCheck{})});
  EXPECT_TRUE(can_deny_any(here, request({kOurs})));
  EXPECT_FALSE(
      can_deny_any(policy({rule("r", DigestCheck{}, {glob("other.example/**")})}), request({kOurs})));
  EXPECT_FALSE(can_deny_any(policy({}), request({kOurs})));
  EXPECT_FALSE(can_deny_any(here, request({})));
  auto unchanged = request({kOurs});
  unchanged.images[0].unchanged = true;
  EXPECT_FALSE(can_deny_any(here, unchanged));
}

TEST(CanDeny, FollowsTheEnforcementInForce) {
  for (const auto mild : {Enforcement::Warn, Enforcement::DryRun}) {
    auto owner = policy({rule("r", DigestCheck{})}, {mild, {}, {}});
    EXPECT_FALSE(can_deny_any(owner, request({kOurs})));
    owner.rules.push_back(rule("strict", commit_id_tags()));
    owner.rules.back().costs.enforcement = Enforcement::Deny;
    EXPECT_TRUE(can_deny_any(owner, request({kOurs})));
  }
}

TEST(CanDeny, CountsWhatBelongsToNoRuleAtThePolicysEnforcement) {
  auto unknown = request({});
  unknown.images_unknown = Error{ErrorCode::NotFound, "no task definition"};
  auto unchanged = request({"No Image"});
  unchanged.images[0].unchanged = true;
  EXPECT_TRUE(can_deny_any(policy({}), request({"No Image"})));
  EXPECT_TRUE(can_deny_any(policy({}), unknown));
  EXPECT_FALSE(can_deny_any(policy({}), unchanged));
  EXPECT_FALSE(can_deny_any(policy({}, {Enforcement::Warn, {}, {}}), request({"No Image"})));
  EXPECT_FALSE(can_deny_any(policy({}, {Enforcement::Warn, {}, {}}), unknown));
}

TEST(CanDeny, AsksDeployersOnlyWhereTheyAreJudged) {
  const auto pipelines = policy({rule("r", deployers())});
  EXPECT_TRUE(can_deny_any(pipelines, request({})));
  auto child = request({kOurs});
  child.deployer.question = DeployerQuestion::ControllerChild;
  EXPECT_FALSE(can_deny_any(pipelines, child));
  auto kubernetes_only = deployers();
  kubernetes_only.ecs.reset();
  EXPECT_FALSE(can_deny_any(policy({rule("r", kubernetes_only)}), ecs_request({kOurs})));
}

TEST(CanDeny, NotWhereAnExemptionTakesTheRuleAway) {
  auto owner = policy({rule("r", DigestCheck{})});
  owner.exemptions = {exemption({"r"}, {glob("registry.example/**")})};
  EXPECT_FALSE(can_deny_any(owner, request({kOurs})));
  EXPECT_TRUE(can_deny_any(owner, request({kOurs, "other.example/app:1"})));
}

TEST(CanDeny, NotWhereNoPolicyMatches) {
  auto elsewhere = policy({rule("r", DigestCheck{})});
  elsewhere.match.emplace().kubernetes.emplace().namespaces = {"other"};
  EXPECT_FALSE(can_deny_any(elsewhere, request({kOurs})));
}

}  // namespace
}  // namespace tegata::policy
