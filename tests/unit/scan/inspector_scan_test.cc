// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/unit/scan/answers.h"

namespace tegata::verifier {
namespace {

using namespace answers;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kOther = "sha256:" + std::string(64, 'a');

ScanReport covered(const json& answer) { return read_inspector_coverage(answer.dump(), image()); }
ScanPage found(const json& answer) { return read_inspector_findings(answer.dump(), image()); }
json answer_with(const json& list) { return json{{"findings", list}}; }
template <typename... Findings>
json findings(const Findings&... all) {
  auto list = json::array();
  (list.push_back(all), ...);
  return answer_with(list);
}

TEST(InspectorCoverage, OfEveryReasonIsKnownMissingOrUnknown) {
  const std::pair<const char*, const char*> reasons[] = {{"SUCCESSFUL", "known"},
                                                         {"SCAN_FREQUENCY_SCAN_ON_PUSH", "known"},
                                                         {"PENDING_INITIAL_SCAN", "ScanPending"},
                                                         {"SCAN_IN_PROGRESS", "ScanPending"},
                                                         {"PENDING_REVIVAL_SCAN", "ScanPending"},
                                                         {"PENDING_DISABLE", "ScanExpired"},
                                                         {"SCAN_ELIGIBILITY_EXPIRED", "ScanExpired"},
                                                         {"RESOURCE_TERMINATED", "ScanExpired"},
                                                         {"UNSUPPORTED_OS", "ScanUnsupported"},
                                                         {"UNSUPPORTED_RUNTIME", "ScanUnsupported"},
                                                         {"UNSUPPORTED_MEDIA_TYPE", "ScanUnsupported"},
                                                         {"UNSUPPORTED_CONFIG_FILE", "ScanUnsupported"},
                                                         {"UNSUPPORTED_LANGUAGE", "ScanUnsupported"},
                                                         {"UNSUPPORTED_CODE_ARTIFACTS", "ScanUnsupported"},
                                                         {"IMAGE_SIZE_EXCEEDED", "ScanUnsupported"},
                                                         {"IMAGE_ARCHIVED", "ImageArchived"},
                                                         {"SCAN_FREQUENCY_MANUAL", "ScanMissing"},
                                                         {"EXCLUDED_BY_TAG", "ScanMissing"},
                                                         {"NO_RESOURCES_FOUND", "ScanMissing"},
                                                         {"NO_SCAN_CONFIGURATION_ASSOCIATED", "ScanMissing"},
                                                         {"INTERNAL_ERROR", "ScanFailed"},
                                                         {"ACCESS_DENIED", "ScanFailed"},
                                                         {"ACCESS_DENIED_TO_ENCRYPTION_KEY", "ScanFailed"},
                                                         {"INTEGRATION_CONNECTION_LOST", "ScanUnavailable"},
                                                         {"STALE_INVENTORY", "ScanUnavailable"},
                                                         {"NO_INVENTORY", "ScanUnavailable"},
                                                         {"UNMANAGED_EC2_INSTANCE", "ScanUnavailable"},
                                                         {"A_NEW_ONE", "ScanUnavailable"}};
  for (const auto& [reason, expected] : reasons)
    EXPECT_EQ(outcome(covered(coverage("ACTIVE", reason))), expected) << reason;
}

TEST(InspectorCoverage, IsCurrentWhileItIsActiveAndAsOldAsItsScanElse) {
  const auto active = covered(coverage("ACTIVE", "SUCCESSFUL"));
  EXPECT_EQ(active.scanning, Scanning::Continuous);
  EXPECT_EQ(active.scanned_at, when("2026-11-20T09:40:00Z"));
  EXPECT_EQ(outcome(covered(coverage("INACTIVE", "SUCCESSFUL"))), "ScanExpired");
  const auto pushed = covered(coverage("INACTIVE", "SCAN_FREQUENCY_SCAN_ON_PUSH"));
  EXPECT_EQ(outcome(pushed), "known");
  EXPECT_EQ(pushed.scanning, Scanning::Once);
  auto never = coverage("INACTIVE", "SCAN_FREQUENCY_SCAN_ON_PUSH");
  never["coveredResources"][0].erase("lastScannedAt");
  EXPECT_EQ(outcome(covered(never)), "ScanMissing");
}

TEST(InspectorCoverage, WithoutTheImageIsMissingAndUnreadableIsUnknown) {
  EXPECT_EQ(outcome(covered({{"coveredResources", json::array()}})), "ScanMissing");
  EXPECT_EQ(outcome(covered(with(coverage("ACTIVE", "SUCCESSFUL"), "/coveredResources/0/resourceId",
                                 "arn:aws:ecr:eu-west-1:1:repository/shop/api/" + kOther))),
            "ScanMissing");
  for (const auto& broken :
       {json::object(), with(coverage("ACTIVE", "SUCCESSFUL"), "/coveredResources", "x"),
        with(coverage("ACTIVE", "SUCCESSFUL"), "/coveredResources/0/scanStatus", nullptr),
        with(coverage("ACTIVE", "SUCCESSFUL"), "/coveredResources/0/scanStatus/reason", 1),
        with(coverage("ACTIVE", "SUCCESSFUL"), "/coveredResources/0/lastScannedAt", "soon")})
    EXPECT_EQ(outcome(covered(broken)), "ScanUnavailable") << broken;
}

TEST(InspectorFindings, AreThoseOfTheImageThatAreNotClosed) {
  auto suppressed = inspector_finding();
  suppressed["status"] = "SUPPRESSED";
  auto closed = inspector_finding();
  closed["status"] = "CLOSED";
  const auto other = with(inspector_finding(), "/resources/0/details/awsEcrContainerImage/imageHash", kOther);
  const auto page = found(findings(inspector_finding(), suppressed, closed, other));
  EXPECT_EQ(outcome(page.report), "known");
  ASSERT_THAT(page.report.findings, SizeIs(4)) << "two packages of two findings";
  EXPECT_EQ(page.report.findings[0].suppressed_by, "");
  EXPECT_NE(page.report.findings[2].suppressed_by, "");
  EXPECT_EQ(page.mentioned, 3U);
}

TEST(InspectorFindings, CountWhereTheyNameNoImageOrNoPackage) {
  auto unnamed = inspector_finding();
  unnamed.erase("resources");
  unnamed.erase("packageVulnerabilityDetails");
  const auto page = found(findings(unnamed));
  ASSERT_THAT(page.report.findings, SizeIs(1));
  EXPECT_EQ(page.report.findings[0].vulnerability, "CVE-2026-40003 - glibc");
  EXPECT_EQ(page.report.findings[0].severity, Severity::High);
}

TEST(InspectorFindings, SayWhetherThereIsAFixAndAnExploit) {
  const auto of = [](const char* member, const json& value) {
    return found(findings(with(inspector_finding(), std::string("/") + member, value))).report.findings.at(0);
  };
  EXPECT_EQ(of("fixAvailable", "PARTIAL").fix, Availability::Yes);
  EXPECT_EQ(of("fixAvailable", "NO").fix, Availability::No);
  EXPECT_EQ(of("fixAvailable", nullptr).fix, Availability::Unknown);
  EXPECT_EQ(of("exploitAvailable", "YES").exploit, Availability::Yes);
  EXPECT_EQ(of("severity", "UNTRIAGED").severity, Severity::Unknown);
  EXPECT_EQ(found(findings(with(inspector_finding(),
                                "/packageVulnerabilityDetails/vulnerablePackages/0/fixedInVersion",
                                "NotAvailable")))
                .report.findings.at(0)
                .fixed,
            "");
}

TEST(InspectorFindings, ThatCannotBeReadAreUnavailable) {
  for (const auto& broken : {json::object(), answer_with("x"), findings(1),
                             findings(with(inspector_finding(), "/inspectorScore", 11)),
                             findings(with(inspector_finding(), "/firstObservedAt", "x")),
                             findings(with(inspector_finding(), "/epss/score", 2))})
    EXPECT_EQ(outcome(found(broken).report), "ScanUnavailable") << broken;
}

TEST(InspectorReport, IsWhatCoverageAndFindingsSayTogether) {
  const auto page = found(findings(inspector_finding()));
  const auto known = inspector_report(covered(coverage("ACTIVE", "SUCCESSFUL")), united_pages({page}));
  EXPECT_EQ(outcome(known), "known");
  EXPECT_THAT(known.findings, SizeIs(2));
  EXPECT_EQ(known.scanning, Scanning::Continuous);
  const auto uncovered =
      inspector_report(covered({{"coveredResources", json::array()}}), united_pages({found(findings())}));
  EXPECT_EQ(outcome(uncovered), "ScanMissing") << "no findings and no coverage is not clean";
  EXPECT_EQ(outcome(inspector_report(covered(coverage("ACTIVE", "SUCCESSFUL")), found(1).report)),
            "ScanUnavailable");
  EXPECT_THAT(uncovered.findings, IsEmpty());
}

}  // namespace
}  // namespace tegata::verifier
