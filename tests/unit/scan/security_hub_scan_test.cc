// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/unit/scan/answers.h"

namespace tegata::verifier {
namespace {

using namespace answers;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ScanPage found(const json& list) {
  return read_security_hub_findings(json{{"Findings", list}}.dump(), image());
}
ScanReport reported(const json& list) { return security_hub_report({found(list)}); }

TEST(SecurityHub, FindingsAreReadAsAsffWritesThem) {
  const auto report = reported(json::array({asff_finding()}));
  EXPECT_EQ(outcome(report), "known");
  EXPECT_EQ(report.scanned_at, when("2026-11-20T09:40:00Z"));
  const ScanFinding glibc{.vulnerability = "CVE-2026-40003",
                          .aliases = {"DLA-1-1"},
                          .package = "glibc",
                          .installed = "2.36-9",
                          .fixed = "2.36-10",
                          .fix = Availability::Yes,
                          .severity = Severity::High,
                          .score = 7.5,
                          .epss = 0.25,
                          .exploit = Availability::Yes,
                          .first_observed = when("2026-11-18T06:00:00.25Z")};
  EXPECT_THAT(report.findings, ElementsAre(glibc));
}

TEST(SecurityHub, WorkflowStatusesCountOrAreSuppressions) {
  const std::pair<const char*, bool> statuses[] = {
      {"NEW", false}, {"NOTIFIED", false}, {"SUPPRESSED", true}, {"RESOLVED", true}, {"A_NEW_ONE", false}};
  for (const auto& [status, suppressed] : statuses) {
    const auto report = reported(json::array({with(asff_finding(), "/Workflow/Status", status)}));
    ASSERT_THAT(report.findings, SizeIs(1)) << status;
    EXPECT_EQ(!report.findings[0].suppressed_by.empty(), suppressed) << status;
  }
}

TEST(SecurityHub, LeavesOutWhatIsArchivedOrAboutAnotherImage) {
  const auto archived = with(asff_finding(), "/RecordState", "ARCHIVED");
  EXPECT_EQ(outcome(reported(json::array({archived}))), "known") << "it was scanned";
  EXPECT_THAT(reported(json::array({archived})).findings, IsEmpty());
  const auto other = with(asff_finding(), "/Resources/0/Details/AwsEcrContainerImage/ImageDigest",
                          "sha256:" + std::string(64, 'a'));
  EXPECT_EQ(outcome(reported(json::array({other}))), "ScanMissing");
}

TEST(SecurityHub, WithoutAnyFindingDoesNotSayThatTheImageIsClean) {
  EXPECT_EQ(outcome(reported(json::array())), "ScanMissing");
  auto denial = asff_finding();
  denial.erase("Vulnerabilities");
  EXPECT_EQ(outcome(reported(json::array({denial}))), "ScanMissing")
      << "a finding of another kind, such as our own denial";
}

TEST(SecurityHub, AnswersThatCannotBeReadAreUnavailable) {
  EXPECT_EQ(outcome(security_hub_report({read_security_hub_findings("{}", image())})), "ScanUnavailable");
  EXPECT_EQ(outcome(security_hub_report({})), "ScanUnavailable");
  const std::pair<const char*, json> broken[] = {{"/Vulnerabilities", "x"},
                                                 {"/Vulnerabilities/0", 1},
                                                 {"/Vulnerabilities/0/Cvss/0/BaseScore", 11},
                                                 {"/Vulnerabilities/0/EpssScore", -1},
                                                 {"/UpdatedAt", "yesterday"}};
  for (const auto& [pointer, value] : broken)
    EXPECT_EQ(outcome(reported(json::array({with(asff_finding(), pointer, value)}))), "ScanUnavailable")
        << pointer;
  EXPECT_EQ(outcome(reported(json::array({1}))), "ScanUnavailable");
  auto page = found(json::array({asff_finding()}));
  page.next = "more";
  EXPECT_EQ(outcome(security_hub_report({page})), "ScanUnavailable");
}

}  // namespace
}  // namespace tegata::verifier
