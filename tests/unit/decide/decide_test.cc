// SPDX-License-Identifier: Apache-2.0
#include "webhook/decide.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "webhook/clock.h"

namespace tegata::webhook {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Time kNow = Time(std::chrono::milliseconds(1'795'348'800'000));

/// Writes down in which order the stages were reached.
using Steps = std::vector<std::string>;

class NothingToGather : public verifier::Gatherer {
 public:
  explicit NothingToGather(Steps& steps) : steps_(steps) {}
  GatheredFacts gather(const EvidencePlan& asked, Deadline deadline) override {
    steps_.push_back("gather");
    plan = asked;
    until = deadline;
    return {};
  }
  EvidencePlan plan;
  Deadline until = Deadline::never();

 private:
  Steps& steps_;
};

class Throwing : public verifier::Gatherer {
 public:
  GatheredFacts gather(const EvidencePlan&, Deadline) override { throw std::logic_error("a bug of ours"); }
};

class RememberingSink : public AuditSink {
 public:
  RememberingSink(Steps& steps, Status answer) : steps_(steps), answer_(std::move(answer)) {}
  Status record(const DecisionRecord& record, Deadline deadline) override {
    steps_.push_back("record");
    until = deadline;
    records.push_back(record);
    return answer_;
  }
  std::vector<DecisionRecord> records;
  Deadline until = Deadline::never();

 private:
  Steps& steps_;
  Status answer_;
};

/// One policy without a match: digest: required.
std::shared_ptr<policy::PolicySet> digest_required(Enforcement enforcement = Enforcement::Deny) {
  auto set = std::make_shared<policy::PolicySet>();
  policy::Policy policy;
  policy.name = "pinned";
  policy.costs.enforcement = enforcement;
  policy.rules.push_back(
      {.name = "by-digest", .costs = {}, .images = {}, .check = policy::DigestCheck{}, .mark = {}});
  set->policies.push_back(std::move(policy));
  set->hash = "hash";
  return set;
}

Reading pod_with(const std::string& image) {
  DeploymentRequest request;
  request.operation = "CREATE";
  request.kind = "v1 Pod";
  request.ns = "shop";
  request.images.push_back({.field_path = "spec.containers[0].image",
                            .container = "app",
                            .kind = ContainerKind::Container,
                            .text = image,
                            .reference = ImageReference::parse(image)});
  return request;
}

const std::string kPinned = "registry.example.com/shop/app@sha256:" + std::string(64, 'a');

class Decide : public ::testing::Test {
 protected:
  Answer decide(const Reading& reading, Status audit_answer = done(), DecideSettings settings = {}) {
    sink = std::make_shared<RememberingSink>(steps, std::move(audit_answer));
    const Decider decider(policies, std::make_shared<NothingToGather>(steps), sink, settings);
    return decider.decide({.reading = reading, .source = "test", .now = kNow, .deadline = Deadline::never()});
  }
  /// Decides without a record, and gives the lines of the log beside the answer.
  std::pair<Answer, std::string> decide_unrecorded(const Reading& reading, DecideSettings settings = {}) {
    ::testing::internal::CaptureStderr();
    auto answer = decide(reading, Error{ErrorCode::Unavailable, "disk full"}, settings);
    return {std::move(answer), ::testing::internal::GetCapturedStderr()};
  }
  std::shared_ptr<policy::PolicySet> policies = digest_required();
  Steps steps;
  std::shared_ptr<RememberingSink> sink;
};

TEST_F(Decide, GathersThenRecordsWhatItAnswers) {
  const auto answer = decide(pod_with("registry.example.com/shop/app:1"));
  EXPECT_THAT(steps, ElementsAre("gather", "record"));
  EXPECT_EQ(answer.verdict.decision, Decision::Deny);
  ASSERT_EQ(sink->records.size(), 1u);
  EXPECT_EQ(sink->records[0].id, answer.id);
  EXPECT_EQ(sink->records[0].verdict.decision, answer.verdict.decision);
  EXPECT_EQ(sink->records[0].policy_hash, "hash");
  EXPECT_EQ(sink->records[0].time, kNow);
}

TEST_F(Decide, FetchesNothingForADeployerThatIsDeniedAnyway) {
  struct Case {
    const char* what;
    std::string user;
    Enforcement enforcement;
    DecideSettings settings;
    Platform platform;
    bool cached_only;
  };
  const DecideSettings spare{.refused_deployer = RefusedDeployer::AskCache};
  DecideSettings dry_run = spare;
  dry_run.mode = policy::Mode::DryRun;
  const std::vector<Case> table = {
      {"denied", "mallory", Enforcement::Deny, spare, Platform::Kubernetes, true},
      {"allowed", "alice", Enforcement::Deny, spare, Platform::Kubernetes, false},
      {"only warned", "mallory", Enforcement::Warn, spare, Platform::Kubernetes, false},
      {"--dry-run", "mallory", Enforcement::Deny, dry_run, Platform::Kubernetes, false},
      {"ECS", "mallory", Enforcement::Deny, spare, Platform::Ecs, false},
      {"check", "mallory", Enforcement::Deny, {}, Platform::Kubernetes, false}};
  for (const auto& [what, user, enforcement, settings, platform, cached_only] : table) {
    policies = digest_required(enforcement);
    policy::DeployersCheck deployers;
    deployers.kubernetes = {.service_accounts = {}, .users = {"alice"}, .groups = {}};
    deployers.ecs.emplace();
    policies->policies.at(0).rules.push_back(
        {.name = "who", .costs = {}, .images = {}, .check = deployers, .mark = {}});
    auto reading = pod_with(kPinned);
    auto& request = std::get<DeploymentRequest>(reading);
    request.platform = platform;
    request.deployer = {DeployerQuestion::Judge, KubernetesUser{user, {}, ""}, user};
    if (platform == Platform::Ecs) request.deployer.caller = EcsCaller{};
    const auto gatherer = std::make_shared<NothingToGather>(steps);
    (void)Decider(policies, gatherer, nullptr, settings)
        .decide({.reading = reading, .source = "test", .now = kNow, .deadline = Deadline::never()});
    EXPECT_EQ(gatherer->plan.cached_only, cached_only) << what;
    EXPECT_EQ(gatherer->plan.user, user) << what;
  }
}

TEST_F(Decide, KeepsTimeForTheRecordWithinTheCallersDeadline) {
  const auto gatherer = std::make_shared<NothingToGather>(steps);
  sink = std::make_shared<RememberingSink>(steps, done());
  const auto deadline = Deadline::after(std::chrono::seconds(10));
  const auto reading = pod_with(kPinned);
  (void)Decider(policies, gatherer, sink, {})
      .decide({.reading = reading, .source = "test", .now = kNow, .deadline = deadline});
  EXPECT_EQ(sink->until.time(), deadline.time());
  EXPECT_EQ(gatherer->until.time(), deadline.time() - limits::kRecordMargin);
  (void)Decider(policies, gatherer, nullptr, {})
      .decide({.reading = reading, .source = "test", .now = kNow, .deadline = deadline});
  EXPECT_EQ(gatherer->until.time(), deadline.time());
}

TEST_F(Decide, AsksNobodyAboutWhatStartsNoDeployment) {
  const auto answer = decide(IgnoredRequest{Reason::ScaleOnly, "a scale"});
  EXPECT_THAT(steps, ElementsAre("record"));
  EXPECT_EQ(answer.verdict.decision, Decision::Ignored);
  EXPECT_EQ(answer.verdict.would_be, Decision::Allow);
}

TEST_F(Decide, DeniesWhatCannotBeReadInDryRunToo) {
  const auto answer =
      decide(InvalidRequest{Reason::EventMalformed, "not JSON"}, done(), {.mode = policy::Mode::DryRun});
  EXPECT_EQ(answer.verdict.decision, Decision::Invalid);
  EXPECT_EQ(answer.verdict.would_be, Decision::Deny);
}

TEST_F(Decide, DeniesWhenTheRecordIsLost) {
  const auto answer = decide(pod_with(kPinned), Error{ErrorCode::Unavailable, "disk full"});
  EXPECT_EQ(answer.verdict.decision, Decision::Deny);
  EXPECT_THAT(answer.verdict.reasons, ElementsAre(Reason::AuditUnavailable));
}

TEST_F(Decide, PassesWhatStartsNoDeploymentEvenUnrecorded) {
  const auto answer = decide(IgnoredRequest{Reason::NotADeployment, "a deletion"},
                             Error{ErrorCode::Unavailable, "disk full"});
  EXPECT_EQ(answer.verdict.decision, Decision::Ignored);
}

TEST_F(Decide, TellsWhyARequestCannotBeReadEvenUnrecorded) {
  const auto answer =
      decide(InvalidRequest{Reason::EventMalformed, "not JSON"}, Error{ErrorCode::Unavailable, "disk full"});
  EXPECT_EQ(answer.verdict.decision, Decision::Invalid);
  EXPECT_THAT(answer.verdict.reasons, ElementsAre(Reason::EventMalformed));
  EXPECT_THAT(answer.verdict.findings, IsEmpty());
}

TEST_F(Decide, AllowsWithoutARecordWhereTheOperatorSaysSo) {
  const auto answer = decide(pod_with(kPinned), Error{ErrorCode::Unavailable, "disk full"},
                             {.on_audit_failure = OnAuditFailure::Allow});
  EXPECT_EQ(answer.verdict.decision, Decision::Allow);
  EXPECT_THAT(answer.verdict.reasons, IsEmpty());
}

TEST_F(Decide, DeniesNothingInDryRunWhenTheRecordIsLost) {
  const auto answer =
      decide(pod_with(kPinned), Error{ErrorCode::Unavailable, "disk full"}, {.mode = policy::Mode::DryRun});
  EXPECT_EQ(answer.verdict.decision, Decision::Allow);
  EXPECT_THAT(answer.verdict.reasons, ElementsAre(Reason::AuditUnavailable));
}

TEST_F(Decide, NeverDeniesAMirrorPodForAFailureOfItsOwn) {
  auto reading = pod_with(kPinned);
  std::get<DeploymentRequest>(reading).mirror_pod = true;
  const auto answer = decide(reading, Error{ErrorCode::Unavailable, "disk full"});
  EXPECT_EQ(answer.verdict.decision, Decision::Allow);
  EXPECT_THAT(answer.verdict.reasons, ElementsAre(Reason::AuditUnavailable));
}

TEST_F(Decide, NeverDeniesForItsRecordWhatNoPolicyCovers) {
  policies->policies[0].match.emplace().kubernetes.emplace().namespaces = {"other"};
  EXPECT_EQ(decide_unrecorded(pod_with(kPinned)).first.verdict.decision, Decision::NotCovered);
  EXPECT_EQ(decide_unrecorded(UndescribedKind{"example.com/v1 Widget", "shop"}).first.verdict.decision,
            Decision::NotCovered);
  const auto denied = decide_unrecorded(pod_with(kPinned), {.unmatched = policy::Unmatched::Deny}).first;
  EXPECT_EQ(denied.verdict.decision, Decision::Deny);
  EXPECT_THAT(denied.verdict.reasons, ElementsAre(Reason::NotCovered));
}

TEST_F(Decide, PassesAKindThatIsNotDescribedWhateverUnmatchedSays) {
  for (const auto unmatched : {policy::Unmatched::Allow, policy::Unmatched::Warn, policy::Unmatched::Deny}) {
    const auto answer =
        decide(UndescribedKind{"example.com/v1 Widget", "shop"}, done(), {.unmatched = unmatched});
    EXPECT_EQ(answer.verdict.decision, Decision::NotCovered);
    EXPECT_EQ(answer.verdict.warnings.size(), 1U);
  }
}

TEST_F(Decide, NeverDeniesForItsRecordWhatNoRuleCouldDeny) {
  for (const auto mild : {Enforcement::Warn, Enforcement::DryRun}) {
    policies = digest_required(mild);
    const auto answer = decide_unrecorded(pod_with("registry.example.com/shop/app:1")).first;
    EXPECT_EQ(answer.verdict.decision, Decision::Allow);
    EXPECT_THAT(answer.verdict.reasons, ElementsAre(Reason::DigestRequired));
  }
  policies = digest_required();
  auto unchanged = pod_with("registry.example.com/shop/app:1");
  std::get<DeploymentRequest>(unchanged).images[0].unchanged = true;
  EXPECT_EQ(decide_unrecorded(unchanged).first.verdict.decision, Decision::Allow);
}

TEST_F(Decide, LogsWhatBecameOfADecisionWithoutARecord) {
  using ::testing::HasSubstr;
  const auto denied = decide_unrecorded(pod_with(kPinned)).second;
  EXPECT_THAT(denied, HasSubstr("was denied because its decision could not be recorded"));
  EXPECT_THAT(denied, HasSubstr(R"("answer":"deny")"));
  EXPECT_THAT(denied, HasSubstr("disk full"));
  const auto dry = decide_unrecorded(pod_with(kPinned), {.mode = policy::Mode::DryRun}).second;
  EXPECT_THAT(dry, HasSubstr(R"("answer":"allow")"));
  EXPECT_THAT(dry, ::testing::Not(HasSubstr("denied")));
  const auto told = decide_unrecorded(pod_with(kPinned), {.on_audit_failure = OnAuditFailure::Allow}).second;
  EXPECT_THAT(told, HasSubstr(R"("answer":"allow")"));
  const auto ignored = decide_unrecorded(IgnoredRequest{Reason::ScaleOnly, "a scale"}).second;
  EXPECT_THAT(ignored, HasSubstr(R"("answer":"ignored")"));
}

TEST_F(Decide, KeepsAndLogsTheTraceOfItsCaller) {
  using ::testing::HasSubstr;
  const auto reading = pod_with(kPinned);
  const auto logged = [&](std::shared_ptr<verifier::Gatherer> gatherer, Status audit, std::string trace_id) {
    sink = std::make_shared<RememberingSink>(steps, std::move(audit));
    const Decider decider(policies, std::move(gatherer), sink, {});
    ::testing::internal::CaptureStderr();
    (void)decider.decide({.reading = reading,
                          .source = "test",
                          .now = kNow,
                          .deadline = Deadline::never(),
                          .trace_id = std::move(trace_id)});
    return ::testing::internal::GetCapturedStderr();
  };
  const Error full{ErrorCode::Unavailable, "disk full"};
  EXPECT_THAT(logged(std::make_shared<NothingToGather>(steps), full, "a1"), HasSubstr(R"("traceId":"a1")"));
  EXPECT_EQ(sink->records.at(0).trace_id, "a1");
  EXPECT_THAT(logged(std::make_shared<Throwing>(), done(), "a2"), HasSubstr(R"("traceId":"a2")"));
  EXPECT_EQ(sink->records.at(0).trace_id, "a2");
  EXPECT_THAT(logged(std::make_shared<NothingToGather>(steps), full, ""),
              ::testing::Not(HasSubstr("traceId")));
}

TEST_F(Decide, TurnsABugIntoTheDenialOfOneRequest) {
  for (const auto mode : {policy::Mode::Enforce, policy::Mode::DryRun}) {
    sink = std::make_shared<RememberingSink>(steps, done());
    const Decider decider(digest_required(), std::make_shared<Throwing>(), sink, {.mode = mode});
    const auto reading = pod_with(kPinned);
    const auto answer =
        decider.decide({.reading = reading, .source = "test", .now = kNow, .deadline = Deadline::never()});
    EXPECT_EQ(answer.verdict.decision, mode == policy::Mode::Enforce ? Decision::Deny : Decision::Allow);
    EXPECT_THAT(answer.verdict.reasons, ElementsAre(Reason::InternalError));
    ASSERT_EQ(sink->records.size(), 1u);
    EXPECT_EQ(sink->records[0].verdict.reasons, answer.verdict.reasons);
    EXPECT_THAT(answer.verdict.findings[0].message, ::testing::Not(::testing::HasSubstr("a bug of ours")));
  }
}

TEST(DecisionId, SortsByTimeAndHasTwentySixDigits) {
  const auto earlier = new_decision_id(kNow);
  const auto later = new_decision_id(kNow + std::chrono::milliseconds(1));
  EXPECT_EQ(earlier.size(), 26u);
  EXPECT_LT(earlier, later);
  EXPECT_NE(new_decision_id(kNow), earlier);
}

TEST(DecisionId, WritesTheTimeAsUlidDoes) {
  // The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41.
  EXPECT_EQ(new_decision_id(Time(std::chrono::milliseconds(1'469'918'176'385))).substr(0, 10), "01ARYZ6S41");
}

}  // namespace
}  // namespace tegata::webhook
