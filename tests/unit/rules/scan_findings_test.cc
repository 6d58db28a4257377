// SPDX-License-Identifier: Apache-2.0
// What the words of `vulnerabilities` make of a finding, each at its bound.
#include "policy/rules/scan_findings.h"

#include <gmock/gmock.h>

#include "tests/unit/rules/values.h"

namespace tegata::policy {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::when;

const Time kNow = when("2026-11-22T00:00:00Z");

ScanFinding finding(Severity severity, std::optional<double> score = {}) {
  return {.vulnerability = "CVE-2026-1", .package = "openssl", .severity = severity, .score = score};
}
std::shared_ptr<const ScanReport> report(std::vector<ScanFinding> findings) {
  ScanReport made;
  made.findings = std::move(findings);
  return std::make_shared<const ScanReport>(std::move(made));
}

TEST(FailAt, CountsTheSeverityAndThoseAbove) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::High;
  EXPECT_FALSE(counts(criteria, finding(Severity::Medium), kNow));
  EXPECT_TRUE(counts(criteria, finding(Severity::High), kNow));
  EXPECT_TRUE(counts(criteria, finding(Severity::Critical), kNow));
  criteria.fail_at = Severity::Informational;
  EXPECT_TRUE(counts(criteria, finding(Severity::Informational), kNow));
}

TEST(UnknownSeverity, CountsUnlessTheRuleSaysThatItPasses) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::Critical;
  EXPECT_TRUE(counts(criteria, finding(Severity::Unknown), kNow));
  criteria.unrated = Unrated::Passes;
  EXPECT_FALSE(counts(criteria, finding(Severity::Unknown), kNow));
  criteria.min_score = 9;
  EXPECT_FALSE(counts(criteria, finding(Severity::Unknown), kNow));
  EXPECT_TRUE(counts(criteria, finding(Severity::Unknown, 9.0), kNow));
}

TEST(MinScore, CountsTheScoreAndThoseAbove) {
  VulnerabilityCriteria criteria;
  criteria.min_score = 7.5;
  EXPECT_FALSE(counts(criteria, finding(Severity::Critical, 7.4), kNow));
  EXPECT_TRUE(counts(criteria, finding(Severity::Low, 7.5), kNow));
}

TEST(MinScore, TakesTheHighestScoreOfItsSeverityWhereThereIsNone) {
  const std::pair<Severity, double> highest[] = {{Severity::Unknown, 10}, {Severity::Informational, 0},
                                                 {Severity::Low, 3.9},    {Severity::Medium, 6.9},
                                                 {Severity::High, 8.9},   {Severity::Critical, 10}};
  for (const auto& [severity, score] : highest) {
    VulnerabilityCriteria criteria;
    criteria.min_score = score;
    EXPECT_TRUE(counts(criteria, finding(severity), kNow)) << name_of(severity);
    if (severity == Severity::Unknown) continue;  // unknownSeverity decides
    criteria.min_score = score + 0.1;
    EXPECT_FALSE(counts(criteria, finding(severity), kNow)) << name_of(severity);
  }
}

TEST(FailAtAndMinScore, CountIfOneOfThemSaysSo) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::Critical;
  criteria.min_score = 7;
  EXPECT_TRUE(counts(criteria, finding(Severity::Critical, 1.0), kNow));
  EXPECT_TRUE(counts(criteria, finding(Severity::Low, 7.0), kNow));
  EXPECT_FALSE(counts(criteria, finding(Severity::High, 6.9), kNow));
}

TEST(FixableOnly, LeavesOutWhatHasNoFixAndNothingElse) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::Low;
  auto one = finding(Severity::High);
  const auto with_fix = [&](Availability fix) {
    one.fix = fix;
    return counts(criteria, one, kNow);
  };
  EXPECT_TRUE(with_fix(Availability::No));
  criteria.fixable_only = true;
  EXPECT_FALSE(with_fix(Availability::No));
  EXPECT_TRUE(with_fix(Availability::Unknown));
  EXPECT_TRUE(with_fix(Availability::Yes));
}

TEST(Exploitable, LeavesOutWhatHasNoExploitAndNothingElse) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::Low;
  auto one = finding(Severity::High);
  const auto with_exploit = [&](Availability exploit) {
    one.exploit = exploit;
    return counts(criteria, one, kNow);
  };
  EXPECT_TRUE(with_exploit(Availability::No));
  criteria.exploitable = true;
  EXPECT_FALSE(with_exploit(Availability::No));
  EXPECT_TRUE(with_exploit(Availability::Unknown));
  EXPECT_TRUE(with_exploit(Availability::Yes));
}

TEST(HonorSuppressions, LeavesOutWhatItsSourceSuppresses) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::Low;
  auto one = finding(Severity::High);
  one.suppressed_by = "a rule of the source";
  EXPECT_TRUE(counts(criteria, one, kNow));
  criteria.suppressions = Suppressions::Honored;
  EXPECT_FALSE(counts(criteria, one, kNow));
  one.suppressed_by.clear();
  EXPECT_TRUE(counts(criteria, one, kNow));
}

TEST(Grace, EndsThatLongAfterTheFirstObservation) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::Low;
  criteria.grace = 168h;
  auto one = finding(Severity::High);
  EXPECT_TRUE(counts(criteria, one, kNow)) << "no observation, no grace";
  one.first_observed = kNow - 168h;
  EXPECT_TRUE(counts(criteria, one, kNow));
  EXPECT_FALSE(counts(criteria, one, kNow - 1ms));
}

TEST(MaxScanAge, LetsAScanCountUpToThatAge) {
  VulnerabilityCriteria criteria;
  ScanReport scan;
  EXPECT_FALSE(gap_of(criteria, scan, kNow)) << "any age, not even a date";
  criteria.max_scan_age = 72h;
  ASSERT_TRUE(gap_of(criteria, scan, kNow));
  EXPECT_EQ(gap_of(criteria, scan, kNow)->reason, Reason::ScanTooOld);
  scan.scanned_at = kNow - 72h;
  EXPECT_FALSE(gap_of(criteria, scan, kNow));
  ASSERT_TRUE(gap_of(criteria, scan, kNow + 1ms));
  EXPECT_EQ(gap_of(criteria, scan, kNow + 1ms)->reason, Reason::ScanTooOld);
  EXPECT_THAT(gap_of(criteria, scan, kNow + 1ms)->why, HasSubstr("2026-11-19"));
}

TEST(MaxScanAge, DoesNotApplyToAScanThatItsSourceKeepsCurrent) {
  VulnerabilityCriteria criteria;
  criteria.max_scan_age = 72h;
  ScanReport scan;
  scan.scanned_at = kNow - 100h;
  EXPECT_TRUE(gap_of(criteria, scan, kNow));
  scan.scanning = Scanning::Continuous;
  EXPECT_FALSE(gap_of(criteria, scan, kNow));
}

TEST(AScan, OfTheFutureDoesNotCount) {
  ScanReport scan;
  scan.scanned_at = kNow + 5min;
  EXPECT_FALSE(gap_of({}, scan, kNow));
  scan.scanned_at = kNow + 5min + 1ms;
  ASSERT_TRUE(gap_of({}, scan, kNow));
  EXPECT_EQ(gap_of({}, scan, kNow)->reason, Reason::ScanUnavailable);
}

TEST(United, HasEachVulnerabilityOfAPackageOnceWithTheWorstThatIsSaid) {
  auto milder = finding(Severity::Medium, 9.1);
  milder.fix = Availability::No;
  milder.exploit = Availability::Yes;
  milder.first_observed = kNow - 3h;
  milder.suppressed_by = "x";
  auto worse = finding(Severity::High, 5.0);
  worse.fix = Availability::Yes;
  worse.fixed = "2";
  worse.exploit = Availability::No;
  worse.first_observed = kNow - 1h;
  for (const auto& reports :
       {ScanReports{report({milder}), report({worse})}, ScanReports{report({worse}), report({milder})}}) {
    const auto all = united(reports);
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].severity, Severity::High);
    EXPECT_EQ(all[0].score, 9.1);
    EXPECT_EQ(all[0].fix, Availability::Yes);
    EXPECT_EQ(all[0].fixed, "2");
    EXPECT_EQ(all[0].exploit, Availability::Yes);
    EXPECT_EQ(all[0].first_observed, kNow - 3h);
    EXPECT_EQ(all[0].suppressed_by, "") << "one source counts it";
  }
  auto elsewhere = finding(Severity::High);
  elsewhere.package = "libssl3";
  EXPECT_THAT(united({report({milder}), report({elsewhere})}), SizeIs(2));
}

TEST(United, KnowsAVulnerabilityByItsOnlyCve) {
  const auto cve = finding(Severity::Low);
  auto advisory = finding(Severity::High);
  advisory.vulnerability = "GHSA-aaaa-bbbb-cccc";
  advisory.aliases = {"CVE-2026-1"};
  for (const auto& reports :
       {ScanReports{report({cve}), report({advisory})}, ScanReports{report({advisory}), report({cve})}}) {
    const auto all = united(reports);
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].vulnerability, "CVE-2026-1");
    EXPECT_THAT(all[0].aliases, ElementsAre("GHSA-aaaa-bbbb-cccc"));
    EXPECT_EQ(all[0].severity, Severity::High);
  }
  advisory.aliases = {"CVE-2026-1", "CVE-2026-2"};
  EXPECT_THAT(united({report({cve}), report({advisory})}), SizeIs(2)) << "several vulnerabilities in one";
}

TEST(Counted, JudgesWhatSourcesSayTogetherAndNamesTheWorstFirst) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::High;
  criteria.fixable_only = true;
  auto severe = finding(Severity::High);
  severe.fix = Availability::No;
  auto fixable = finding(Severity::Low);
  fixable.fix = Availability::Yes;
  EXPECT_THAT(counted(criteria, {report({severe})}, {}, kNow), IsEmpty());
  EXPECT_THAT(counted(criteria, {report({fixable})}, {}, kNow), IsEmpty());
  EXPECT_THAT(counted(criteria, {report({severe}), report({fixable})}, {}, kNow), SizeIs(1));

  auto critical = finding(Severity::Critical, 9.0);
  critical.vulnerability = "CVE-2026-2";
  auto higher = finding(Severity::High, 8.0);
  higher.vulnerability = "CVE-2026-3";
  auto lower = finding(Severity::High, 7.0);
  lower.vulnerability = "CVE-2026-0";
  std::vector<std::string> ids;
  for (const auto& each : counted(criteria, {report({lower, higher, critical})}, {}, kNow))
    ids.push_back(each.vulnerability);
  EXPECT_THAT(ids, ElementsAre("CVE-2026-2", "CVE-2026-3", "CVE-2026-0"));
}

TEST(Exemptions, NameAVulnerabilityByItsIdOrByEveryCveThatItIs) {
  const std::vector<std::string> one{"CVE-2026-1"};
  const std::vector<std::string> both{"CVE-2026-1", "CVE-2026-2"};
  EXPECT_TRUE(names({one}, finding(Severity::High)));
  auto other = finding(Severity::High);
  other.vulnerability = "CVE-2026-11";
  EXPECT_FALSE(names({one}, other));
  auto advisory = finding(Severity::High);
  advisory.vulnerability = "ELSA-2026:1";
  advisory.aliases = {"CVE-2026-1", "CVE-2026-2"};
  EXPECT_FALSE(names({one}, advisory)) << "the other vulnerability is not exempted";
  EXPECT_TRUE(names({both}, advisory));
  const std::vector<std::string> github{"GHSA-aaaa-bbbb-cccc"};
  auto alias = finding(Severity::High);
  alias.aliases = {"GHSA-aaaa-bbbb-cccc", "DSA-1-1"};
  EXPECT_TRUE(names({github}, alias));
  const std::vector<std::string> debian{"DSA-1-1"};
  EXPECT_FALSE(names({debian}, alias)) << "an advisory about several vulnerabilities";
}

TEST(FoundVulnerabilities, AreTheWorstFiveAndHowManyMore) {
  std::vector<ScanFinding> found;
  for (int i = 1; i <= 5; ++i) {
    found.push_back(finding(Severity::High, 7.5));
    found.back().vulnerability = "CVE-2026-" + std::to_string(i);
  }
  found[0].installed = "3.0.9-1";
  found[0].fixed = "3.0.9-2";
  found[1].fix = Availability::No;
  const auto five = found_vulnerabilities(found);
  EXPECT_THAT(five,
              HasSubstr("5 vulnerabilities: CVE-2026-1 (HIGH, 7.5) in openssl 3.0.9-1, fixed in 3.0.9-2; "
                        "CVE-2026-2 (HIGH, 7.5) in openssl, no fix; "));
  EXPECT_THAT(five, ::testing::Not(HasSubstr("more")));
  found.push_back(finding(Severity::High));
  EXPECT_THAT(found_vulnerabilities(found), ::testing::EndsWith("fix not known; and 1 more"));
}

TEST(ExpectedScan, SaysWhatTheRuleSays) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::High;
  criteria.min_score = 7.5;
  criteria.fixable_only = true;
  criteria.exploitable = true;
  criteria.grace = 168h;
  criteria.max_scan_age = 90min;
  EXPECT_EQ(expected_scan(criteria),
            "no vulnerability of severity HIGH or above or with a CVSS score of 7.5 or more, or not rated, "
            "with a fix, with an "
            "exploit, first observed more than 168h ago, in a scan that is at most 90m old");
  EXPECT_EQ(duration_text(45s), "45s");
}

}  // namespace
}  // namespace tegata::policy
