// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "tests/unit/scan/answers.h"

namespace tegata::verifier {
namespace {

using namespace answers;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ScanReport report_of(const json& answer) { return read_ecr_scan(answer.dump()).report; }

TEST(EcrScan, OfEveryStatusIsKnownMissingOrUnknown) {
  const std::pair<const char*, const char*> statuses[] = {{"COMPLETE", "known"},
                                                          {"ACTIVE", "known"},
                                                          {"IN_PROGRESS", "ScanPending"},
                                                          {"PENDING", "ScanPending"},
                                                          {"FAILED", "ScanFailed"},
                                                          {"UNSUPPORTED_IMAGE", "ScanUnsupported"},
                                                          {"SCAN_ELIGIBILITY_EXPIRED", "ScanExpired"},
                                                          {"FINDINGS_UNAVAILABLE", "ScanUnavailable"},
                                                          {"LIMIT_EXCEEDED", "ScanUnavailable"},
                                                          {"IMAGE_ARCHIVED", "ImageArchived"},
                                                          {"A_NEW_ONE", "ScanUnavailable"},
                                                          {"", "ScanUnavailable"}};
  for (const auto& [status, expected] : statuses) {
    const auto report = report_of(ecr(status));
    EXPECT_EQ(outcome(report), expected) << status;
    EXPECT_EQ(report.source, ScanSource::Ecr);
    EXPECT_EQ(report.scanning, std::string(status) == "ACTIVE" ? Scanning::Continuous : Scanning::Once);
    if (report.gap) {
      EXPECT_FALSE(report.gap->why.empty()) << status;
    }
  }
}

TEST(EcrScan, OfEveryErrorIsMissingOrUnknown) {
  const std::pair<const char*, const char*> errors[] = {
      {"ScanNotFoundException", "ScanMissing"},
      {"com.amazonaws.ecr#ScanNotFoundException", "ScanMissing"},
      {"ImageNotFoundException", "ImageNotFound"},
      {"RepositoryNotFoundException", "ImageNotFound"},
      {"ThrottlingException", "ScanUnavailable"},
      {"TooManyRequestsException", "ScanUnavailable"},
      {"AccessDeniedException", "ScanUnavailable"},
      {"ServerException", "ScanUnavailable"},
      {"InvalidParameterException", "ScanUnavailable"},
      {"ValidationException", "ScanUnavailable"}};
  for (const auto& [type, expected] : errors)
    EXPECT_EQ(outcome(report_of({{"__type", type}, {"message", "m"}})), expected) << type;
}

TEST(EcrScan, OfBasicScanningHasItsFindings) {
  const auto report =
      report_of(ecr("COMPLETE", {{"imageScanCompletedAt", 1795167600.0},
                                 {"findingSeverityCounts", {{"MEDIUM", 1}, {"UNDEFINED", 1}}},
                                 {"findings",
                                  {{{"name", "CVE-2026-20011"},
                                    {"severity", "MEDIUM"},
                                    {"uri", "https://nvd.nist.gov/vuln/detail/CVE-2026-20011"},
                                    {"attributes",
                                     {{{"key", "package_name"}, {"value", "zlib"}},
                                      {{"key", "package_version"}, {"value", "1.2.13-1"}},
                                      {{"key", "CVSS2_SCORE"}, {"value", "9.0"}},
                                      {{"key", "CVSS3_SCORE"}, {"value", "5.3"}}}}},
                                   {{"name", "CVE-2026-20012"}, {"severity", "UNDEFINED"}}}}}));
  EXPECT_EQ(outcome(report), "known");
  EXPECT_EQ(report.scanned_at, when("2026-11-20T09:40:00Z"));
  const ScanFinding rated{.vulnerability = "CVE-2026-20011",
                          .package = "zlib",
                          .installed = "1.2.13-1",
                          .severity = Severity::Medium,
                          .score = 5.3};
  const ScanFinding unrated{.vulnerability = "CVE-2026-20012"};
  EXPECT_THAT(report.findings, ElementsAre(rated, unrated));
}

TEST(EcrScan, OfEnhancedScanningHasAFindingForEachPackage) {
  const auto report = report_of(ecr("ACTIVE", {{"enhancedFindings", json::array({inspector_finding()})}}));
  ScanFinding glibc{.vulnerability = "CVE-2026-40003",
                    .aliases = {"DLA-1-1"},
                    .package = "glibc",
                    .installed = "1:2.36-9",
                    .fixed = "1:2.36-10",
                    .fix = Availability::Yes,
                    .severity = Severity::High,
                    .score = 7.5,
                    .epss = 0.25,
                    .exploit = Availability::No,
                    .first_observed = when("2026-11-18T06:00:00.25Z")};
  auto other = glibc;
  other.package = "libc-bin";
  EXPECT_THAT(report.findings, ElementsAre(glibc, other));
}

TEST(EcrScan, ThatCannotBeReadIsUnavailable) {
  const auto complete = ecr("COMPLETE", {{"findings", {{{"name", "CVE-1"}, {"severity", "LOW"}}}}});
  EXPECT_EQ(outcome(report_of(complete)), "known");
  for (const auto& broken :
       {with(complete, "/imageScanFindings", nullptr), with(complete, "/imageScanFindings", "x"),
        with(complete, "/imageScanStatus", nullptr), with(complete, "/imageScanFindings/findings", "x"),
        with(complete, "/imageScanFindings/findings/0", 1),
        with(complete, "/imageScanFindings/findings/0/name", ""),
        with(complete, "/imageScanFindings/findings/0/severity", 1),
        with(complete, "/imageScanFindings/findings/0/attributes",
             {{{"key", "CVSS3_SCORE"}, {"value", "high"}}}),
        with(complete, "/imageScanFindings/imageScanCompletedAt", -1),
        with(complete, "/imageScanFindings/enhancedFindings", {{{"status", "ACTIVE"}}}), json::array()})
    EXPECT_EQ(outcome(report_of(broken)), "ScanUnavailable") << broken;
  EXPECT_EQ(outcome(read_ecr_scan("{\"a\":1,\"a\":2}").report), "ScanUnavailable");
  EXPECT_EQ(outcome(read_ecr_scan("").report), "ScanUnavailable");
}

TEST(EcrScan, OfSeveralPagesIsAllOfThem) {
  const auto page = [](const std::string& id, const std::string& next) {
    auto answer = ecr("COMPLETE", {{"imageScanCompletedAt", 1795167600.0},
                                   {"findingSeverityCounts", {{"LOW", 2}}},
                                   {"findings", {{{"name", id}, {"severity", "LOW"}}}}});
    if (!next.empty()) answer["nextToken"] = next;
    return read_ecr_scan(answer.dump());
  };
  EXPECT_EQ(page("CVE-1", "more").next, "more");
  const auto all = united_pages({page("CVE-1", "more"), page("CVE-2", "")});
  EXPECT_EQ(outcome(all), "known");
  EXPECT_THAT(all.findings, SizeIs(2));
  EXPECT_EQ(outcome(united_pages({page("CVE-1", "more")})), "ScanUnavailable") << "a page is missing";
  EXPECT_EQ(outcome(united_pages({})), "ScanUnavailable");
  EXPECT_EQ(outcome(united_pages({page("CVE-1", "more"), read_ecr_scan("x")})), "ScanUnavailable");
}

TEST(EcrScan, IsAboutTheImageThatWasAskedAbout) {
  const ScannedImage asked{"123456789012", "shop/api", image()};
  const auto told = [&](const json& answer) { return outcome(read_ecr_scan(answer.dump(), asked).report); };
  EXPECT_EQ(told(ecr("COMPLETE")), "known");
  EXPECT_EQ(told(ecr("PENDING")), "ScanPending");
  for (const char* member : {"/registryId", "/repositoryName", "/imageId/imageDigest"}) {
    for (const json& other : {json("other"), json(""), json(1), json(nullptr)})
      EXPECT_EQ(told(with(ecr("COMPLETE"), member, other)), "ScanUnavailable") << member;
  }
  EXPECT_EQ(told(with(ecr("COMPLETE"), "/imageId", nullptr)), "ScanUnavailable");
  EXPECT_EQ(told({{"__type", "ScanNotFoundException"}}), "ScanUnavailable") << "an error is no 200";
}

TEST(ScansOfAnIndex, AreAsOldAsTheOldestAndContinuousIfAllAre) {
  const auto scan = [](const char* id, std::optional<Time> at, Scanning scanning) {
    ScanReport report;
    report.source = ScanSource::Ecr;
    report.scanned_at = at;
    report.scanning = scanning;
    report.findings = {{.vulnerability = id}};
    return report;
  };
  const auto early = when("2026-11-01T00:00:00Z");
  const auto late = when("2026-11-20T00:00:00Z");
  const auto all =
      united_images({scan("CVE-1", late, Scanning::Continuous), scan("CVE-2", early, Scanning::Once)});
  EXPECT_EQ(outcome(all), "known");
  EXPECT_EQ(all.scanned_at, early);
  EXPECT_EQ(all.scanning, Scanning::Once);
  ASSERT_THAT(all.findings, SizeIs(2));
  EXPECT_EQ(all.findings[1].vulnerability, "CVE-2");
  EXPECT_EQ(
      united_images({scan("CVE-1", late, Scanning::Once), scan("CVE-2", {}, Scanning::Once)}).scanned_at,
      std::nullopt)
      << "one without a date has any age";
  EXPECT_EQ(
      united_images({scan("CVE-1", late, Scanning::Continuous), scan("CVE-2", late, Scanning::Continuous)})
          .scanning,
      Scanning::Continuous);
  auto missing = scan("CVE-3", late, Scanning::Once);
  missing.gap = {Reason::ScanMissing, "why"};
  EXPECT_EQ(outcome(united_images({scan("CVE-1", late, Scanning::Once), missing})), "ScanMissing");
  auto most = scan("CVE-1", late, Scanning::Once);
  most.findings.resize(limits::kScanFindings - 1, {.vulnerability = "CVE-1"});
  EXPECT_EQ(outcome(united_images({most, scan("CVE-2", late, Scanning::Once)})), "known");
  most.findings.push_back({.vulnerability = "CVE-1"});
  EXPECT_EQ(outcome(united_images({most, scan("CVE-2", late, Scanning::Once)})), "ScanUnavailable");
}

TEST(ScansOfAnIndex, AreNotKnownWithoutAnImage) { EXPECT_EQ(outcome(united_images({})), "ScanMissing"); }

TEST(EcrScan, ThatCountsFindingsAndListsNoneIsUnavailable) {
  const auto counted = read_ecr_scan(ecr("COMPLETE", {{"findingSeverityCounts", {{"HIGH", 3}}}}).dump());
  EXPECT_EQ(outcome(united_pages({counted})), "ScanUnavailable");
  auto closed = inspector_finding();
  closed["status"] = "CLOSED";
  const auto listed = read_ecr_scan(
      ecr("ACTIVE", {{"findingSeverityCounts", {{"HIGH", 1}}}, {"enhancedFindings", json::array({closed})}})
          .dump());
  EXPECT_EQ(outcome(united_pages({listed})), "known");
  EXPECT_THAT(listed.report.findings, IsEmpty());
}

TEST(EcrScan, IsBounded) {
  const auto many = [](std::size_t count) {
    return ecr("COMPLETE", {{"findings", json::array_t(count, {{"name", "CVE-1"}, {"severity", "LOW"}})}});
  };
  EXPECT_EQ(outcome(report_of(many(limits::kScanFindings))), "known");
  EXPECT_EQ(outcome(report_of(many(limits::kScanFindings + 1))), "ScanUnavailable");
  const auto page = [&](std::size_t count, const std::string& next) {
    return read_ecr_scan(with(many(count), "/nextToken", next).dump());
  };
  EXPECT_EQ(outcome(united_pages({page(limits::kScanFindings, "x"), page(1, "")})), "ScanUnavailable");
  const auto named = [](std::size_t bytes) {
    return ecr("COMPLETE", {{"findings", {{{"name", std::string(bytes, 'x')}, {"severity", "LOW"}}}}});
  };
  EXPECT_EQ(outcome(report_of(named(limits::kScanText))), "known");
  EXPECT_EQ(outcome(report_of(named(limits::kScanText + 1))), "ScanUnavailable");
}

}  // namespace
}  // namespace tegata::verifier
