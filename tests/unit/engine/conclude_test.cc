// SPDX-License-Identifier: Apache-2.0
// Verdicts that no rule gives: not covered, ignored, invalid, and failures of our own.
#include <gmock/gmock.h>

#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Verdict uncovered(Unmatched unmatched, Mode mode = Mode::Enforce, bool mirror = false) {
  auto asked = request({"nginx"});
  asked.mirror_pod = mirror;
  return judge(PolicySet{}, asked, {}, {mode, unmatched, CallerBudget::Enough, kNow});
}

TEST(Unmatched, AllowPassesAsNotCoveredWithoutAWord) {
  const auto verdict = uncovered(Unmatched::Allow);
  EXPECT_EQ(verdict.decision, Decision::NotCovered);
  EXPECT_EQ(verdict.would_be, Decision::Allow);
  EXPECT_THAT(verdict.reasons, IsEmpty());
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_THAT(verdict.warnings, IsEmpty());
  EXPECT_THAT(verdict.images, IsEmpty());
}

TEST(Unmatched, WarnPassesAsNotCoveredWithAWarning) {
  const auto verdict = uncovered(Unmatched::Warn);
  EXPECT_EQ(verdict.decision, Decision::NotCovered);
  EXPECT_EQ(verdict.would_be, Decision::Allow);
  EXPECT_THAT(verdict.warnings, ElementsAre(HasSubstr("namespace \"prod\"")));
}

TEST(Unmatched, DenyRefuses) {
  const auto verdict = uncovered(Unmatched::Deny);
  EXPECT_EQ(verdict.decision, Decision::Deny);
  EXPECT_EQ(verdict.would_be, Decision::Deny);
  EXPECT_THAT(reasons_of(verdict), ElementsAre("NotCovered"));
  ASSERT_THAT(verdict.findings, SizeIs(1));
  EXPECT_EQ(verdict.findings[0].kind, FindingKind::Violates);
  EXPECT_EQ(verdict.findings[0].policy, "");
  EXPECT_THAT(verdict.rules, IsEmpty());
}

TEST(Unmatched, DenyIsNotCoveredUnderDryRunAndForMirrorPods) {
  for (const auto& verdict :
       {uncovered(Unmatched::Deny, Mode::DryRun), uncovered(Unmatched::Deny, Mode::Enforce, true)}) {
    EXPECT_EQ(verdict.decision, Decision::NotCovered);
    EXPECT_EQ(verdict.would_be, Decision::Deny);
    EXPECT_THAT(reasons_of(verdict), ElementsAre("NotCovered"));
    EXPECT_NE(verdict.findings.at(0).cost, Cost::Deny);
  }
}

TEST(JudgeOther, IgnoresInvalidatesAndPassesByKind) {
  const auto ignored = judge(IgnoredRequest{Reason::ScaleOnly, "replicas", std::nullopt});
  EXPECT_EQ(ignored.decision, Decision::Ignored);
  EXPECT_EQ(ignored.would_be, Decision::Allow);
  EXPECT_THAT(reasons_of(ignored), ElementsAre("ScaleOnly"));
  EXPECT_THAT(ignored.warnings, IsEmpty());

  const auto invalid = judge(InvalidRequest{Reason::EventMalformed, "a key twice:\n\"account\""});
  EXPECT_EQ(invalid.decision, Decision::Invalid);
  EXPECT_EQ(invalid.would_be, Decision::Deny);
  EXPECT_THAT(reasons_of(invalid), ElementsAre("EventMalformed"));
  EXPECT_THAT(invalid.warnings, ElementsAre("EventMalformed: a key twice:\\n\"account\""));

  const auto unknown = judge(UndescribedKind{"example.com/v1 Widget", "prod"});
  EXPECT_EQ(unknown.decision, Decision::NotCovered);
  EXPECT_EQ(unknown.would_be, Decision::Allow);
  EXPECT_THAT(unknown.warnings, ElementsAre(HasSubstr("example.com/v1 Widget")));
}

Verdict denied() { return judge(set(rule("pinned", DigestCheck{})), request({"nginx"}), {}, options()); }

TEST(OwnFailure, DeniesAndKeepsWhatWasFound) {
  auto allowed = judge(set(rule("pinned", DigestCheck{})), request({pinned_image()}), {}, options());
  ASSERT_EQ(allowed.decision, Decision::Allow);
  const auto verdict =
      with_own_failure(std::move(allowed), Reason::AuditUnavailable, "disk\nfull", Mode::Enforce);
  EXPECT_EQ(verdict.decision, Decision::Deny);
  EXPECT_EQ(verdict.would_be, Decision::Deny);
  EXPECT_EQ(verdict.findings.at(0).found, "disk\\nfull");
  EXPECT_THAT(verdict.images, SizeIs(1));

  const auto both = with_own_failure(denied(), Reason::AuditUnavailable, "", Mode::Enforce);
  EXPECT_THAT(reasons_of(both), ElementsAre("AuditUnavailable", "DigestRequired"));
  EXPECT_THAT(both.rules, ElementsAre("pinned"));
}

TEST(OwnFailure, AllowsInDryRunAndTellsWhatWouldBe) {
  const auto verdict = with_own_failure(Verdict{}, Reason::InternalError, "bug", Mode::DryRun);
  EXPECT_EQ(verdict.decision, Decision::Allow);
  EXPECT_EQ(verdict.would_be, Decision::Deny);
  EXPECT_EQ(verdict.findings.at(0).cost, Cost::DryRun);
}

TEST(OwnFailure, NeverTurnsAnInvalidRequestIntoAnAllowedOne) {
  for (const Mode mode : {Mode::Enforce, Mode::DryRun}) {
    const auto verdict = with_own_failure(judge(InvalidRequest{Reason::EventMalformed, ""}),
                                          Reason::AuditUnavailable, "", mode);
    EXPECT_EQ(verdict.decision, Decision::Invalid);
    EXPECT_THAT(reasons_of(verdict), ElementsAre("EventMalformed"));
  }
}

TEST(OwnFailure, LeavesNotCoveredAsItIsInDryRun) {
  const auto verdict =
      with_own_failure(uncovered(Unmatched::Allow), Reason::AuditUnavailable, "", Mode::DryRun);
  EXPECT_EQ(verdict.decision, Decision::NotCovered);
  EXPECT_EQ(verdict.would_be, Decision::Deny);
}

}  // namespace
}  // namespace tegata::policy
