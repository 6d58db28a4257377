// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/scanner_report.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "tests/unit/rules/scan_documents.h"
#include "tests/unit/rules/values.h"

namespace tegata::policy {
namespace {

using namespace testing;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kDigest = "sha256:745477a886a72216c6f34a2d1a74f565b2f0c8443cd2651d0f50d2ba33bf64e7";

std::vector<std::string> texts_of(const std::vector<Digest>& digests) {
  std::vector<std::string> texts;
  for (const auto& digest : digests) texts.push_back(digest.text());
  return texts;
}

/// Why a document is refused; `(read)` where it is not.
std::string refusal(const json& document) {
  const auto read = read_document(document);
  return read.ok() ? "(read)" : read.error().message;
}

TEST(ScannerReport, IsReadAsTrivyWritesIt) {
  const auto read = read_document(scan_document("trivy.json"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto& report = read->report;
  EXPECT_EQ(report.scanner, "Trivy 0.68.1");
  EXPECT_EQ(report.scanned_at, when("2026-11-20T08:15:30.123Z"));
  EXPECT_FALSE(report.gap);
  EXPECT_THAT(texts_of(read->digests), ElementsAre(kDigest));
  const ScanFinding fixed{.vulnerability = "CVE-2026-30001",
                          .aliases = {"DSA-6001-1"},
                          .package = "libssl3",
                          .installed = "3.0.17-1~deb12u2",
                          .fixed = "3.0.17-1~deb12u3",
                          .fix = Availability::Yes,
                          .severity = Severity::High,
                          .score = 9.8};
  const ScanFinding old_score{.vulnerability = "CVE-2011-3374",
                              .package = "apt",
                              .installed = "2.6.1",
                              .fix = Availability::No,
                              .severity = Severity::Low,
                              .score = 4.3};
  const ScanFinding unrated{.vulnerability = "TEMP-0841856-B18BAF",
                            .package = "bash",
                            .installed = "5.2.15-2+b8",
                            .fix = Availability::No};
  EXPECT_THAT(report.findings, ElementsAre(fixed, old_score, unrated));
}

TEST(ScannerReport, IsReadAsGrypeWritesIt) {
  const auto read = read_document(scan_document("grype.json"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  const auto& report = read->report;
  EXPECT_EQ(report.scanner, "Grype 0.104.0");
  EXPECT_EQ(report.scanned_at, when("2026-11-20T01:15:30.5Z"));
  EXPECT_THAT(texts_of(read->digests), ElementsAre(kDigest));
  const ScanFinding exploited{.vulnerability = "GHSA-aaaa-bbbb-cccc",
                              .aliases = {"CVE-2026-50005"},
                              .package = "lodash",
                              .installed = "4.17.20",
                              .fixed = "4.17.21, 5.0.1",
                              .fix = Availability::Yes,
                              .severity = Severity::High,
                              .score = 8.7,
                              .epss = 0.42,
                              .exploit = Availability::Yes};
  const ScanFinding unfixed{.vulnerability = "CVE-2026-60006",
                            .package = "tar",
                            .installed = "1.34+dfsg-1.2",
                            .fix = Availability::No,
                            .severity = Severity::Informational};
  const ScanFinding unknown{
      .vulnerability = "CVE-2026-70007", .package = "zlib1g", .installed = "1:1.2.13.dfsg-1"};
  EXPECT_THAT(report.findings, ElementsAre(exploited, unfixed, unknown));
}

TEST(ScannerReport, OfACleanImageHasNoFindings) {
  const auto trivy = scan_document("trivy.json");
  for (const auto& clean : {without(trivy, "", "Results"), with(trivy, "/Results", nullptr),
                            with(trivy, "/Results", json::array()),
                            with(scan_document("grype.json"), "/matches", json::array())}) {
    const auto read = read_document(clean);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_THAT(read->report.findings, IsEmpty());
  }
}

TEST(ScannerReport, WithAMemberOfAnotherTypeIsRefusedBecauseItWouldLookClean) {
  const auto trivy = scan_document("trivy.json");
  const std::string first = "/Results/0/Vulnerabilities/0";
  EXPECT_THAT(refusal(with(trivy, "/Results", json::object())), HasSubstr("Results is not a list"));
  EXPECT_THAT(refusal(with(trivy, "/Results/0", "x")), HasSubstr("result is not an object"));
  EXPECT_THAT(refusal(with(trivy, "/Results/0/Vulnerabilities", "x")), HasSubstr("is not a list"));
  EXPECT_THAT(refusal(with(trivy, first, 1)), HasSubstr("vulnerability is not an object"));
  EXPECT_THAT(refusal(with(trivy, first + "/VulnerabilityID", 1)), HasSubstr("is not a text"));
  EXPECT_THAT(refusal(without(trivy, first, "VulnerabilityID")), HasSubstr("has no id"));
  EXPECT_THAT(refusal(with(trivy, first + "/Severity", json::array())), HasSubstr("is not a text"));
  EXPECT_THAT(refusal(with(trivy, first + "/CVSS/nvd/V3Score", "9.8")), HasSubstr("is not a number"));
  EXPECT_THAT(refusal(with(trivy, first + "/CVSS/nvd/V3Score", 10.1)), HasSubstr("is not a number"));
  EXPECT_THAT(refusal(with(trivy, first + "/CVSS/nvd/V3Score", -0.1)), HasSubstr("is not a number"));
  EXPECT_EQ(refusal(with(trivy, first + "/CVSS/nvd/V3Score", 10)), "(read)");
  EXPECT_THAT(refusal(with(trivy, "/CreatedAt", "yesterday")), HasSubstr("is not a time"));
  EXPECT_THAT(refusal(with(trivy, "/SchemaVersion", 1)), HasSubstr("another SchemaVersion"));
  EXPECT_THAT(refusal(with(trivy, "/ArtifactType", "filesystem")), HasSubstr("not about a container image"));

  const auto grype = scan_document("grype.json");
  EXPECT_THAT(refusal(with(grype, "/matches", json::object())), HasSubstr("matches is not a list"));
  EXPECT_THAT(refusal(with(grype, "/matches/0", 1)), HasSubstr("match is not an object"));
  EXPECT_THAT(refusal(without(grype, "/matches/0", "vulnerability")), HasSubstr("has no vulnerability"));
  EXPECT_THAT(refusal(without(grype, "/matches/0", "artifact")), HasSubstr("no artifact"));
  EXPECT_THAT(refusal(with(grype, "/matches/0/vulnerability/fix/versions", json::array({1}))),
              HasSubstr("fixed version"));
  EXPECT_THAT(refusal(with(grype, "/matches/0/vulnerability/epss/0/epss", 1.1)),
              HasSubstr("is not a number"));
  EXPECT_THAT(refusal(with(grype, "/descriptor/name", "other")), HasSubstr("another scanner"));
  EXPECT_THAT(refusal(with(grype, "/source/type", "directory")), HasSubstr("not about a container image"));
}

TEST(ScannerReport, IsNothingElse) {
  for (const auto& other :
       {json::object(), json::array(), json("x"), json(nullptr), json{{"bomFormat", "CycloneDX"}},
        json{{"version", "2.1.0"}, {"runs", json::array()}}})
    EXPECT_THAT(refusal(other), HasSubstr("neither a JSON report of Trivy")) << other;
}

TEST(ScannerReport, IsBoundedInFindingsTextsAndAliases) {
  const auto trivy = scan_document("trivy.json");
  const auto many = [&](std::size_t count) {
    return with(trivy, "/Results/0/Vulnerabilities",
                json::array_t(count, trivy["Results"][0]["Vulnerabilities"][0]));
  };
  EXPECT_EQ(refusal(many(limits::kScanFindings)), "(read)");
  EXPECT_THAT(refusal(many(limits::kScanFindings + 1)), HasSubstr("more than 10000 vulnerabilities"));

  const auto named = [&](std::size_t bytes) {
    return with(trivy, "/Results/0/Vulnerabilities/0/PkgName", std::string(bytes, 'x'));
  };
  EXPECT_EQ(refusal(named(limits::kScanText)), "(read)");
  EXPECT_THAT(refusal(named(limits::kScanText + 1)), HasSubstr("more than 1024 bytes"));

  const auto aliases = [&](std::size_t count) {
    auto ids = json::array();
    for (std::size_t i = 0; i < count; ++i) ids.push_back("DSA-" + std::to_string(i));
    return with(trivy, "/Results/0/Vulnerabilities/0/VendorIDs", ids);
  };
  EXPECT_EQ(refusal(aliases(limits::kScanAliases)), "(read)");
  EXPECT_THAT(refusal(aliases(limits::kScanAliases + 1)), HasSubstr("more than 32 other ids"));
}

json predicate() {
  return {{"invocation", {{"uri", "https://ci.example.com/1"}}},
          {"scanner",
           {{"uri", "pkg:github/aquasecurity/trivy@0.68.1"},
            {"version", "0.68.1"},
            {"result", scan_document("trivy.json")}}},
          {"metadata",
           {{"scanStartedOn", "2026-11-21T00:00:00Z"}, {"scanFinishedOn", "2026-11-21T00:01:00.5Z"}}}};
}

ScanReport read_predicate(const json& document) {
  return read_vulnerability_predicate(verifier::to_value(document));
}

TEST(VulnerabilityPredicate, HoldsAReportAndSaysWhenTheScanFinished) {
  const auto report = read_predicate(predicate());
  EXPECT_FALSE(report.gap);
  EXPECT_THAT(report.findings, SizeIs(3));
  EXPECT_EQ(report.scanned_at, when("2026-11-21T00:01:00.5Z"));
  EXPECT_EQ(report.scanner, "Trivy 0.68.1");
}

TEST(VulnerabilityPredicate, ThatCannotBeReadIsAGapAndNeverClean) {
  const auto why = [](const json& document) {
    const auto report = read_predicate(document);
    EXPECT_TRUE(report.gap) << document;
    if (!report.gap) return std::string();
    EXPECT_EQ(report.gap->reason, Reason::ScanUnavailable);
    EXPECT_THAT(report.findings, IsEmpty());
    return report.gap->why;
  };
  EXPECT_THAT(why(nullptr), HasSubstr("no metadata"));
  EXPECT_THAT(why(without(predicate(), "", "metadata")), HasSubstr("no metadata"));
  EXPECT_THAT(why(without(predicate(), "/metadata", "scanFinishedOn")), HasSubstr("scanFinishedOn"));
  EXPECT_THAT(why(with(predicate(), "/metadata/scanFinishedOn", "x")), HasSubstr("is not a time"));
  EXPECT_THAT(why(without(predicate(), "", "scanner")), HasSubstr("no scanner.result"));
  EXPECT_THAT(why(without(predicate(), "/scanner", "result")), HasSubstr("no scanner.result"));
  EXPECT_THAT(why(with(predicate(), "/scanner/result", json::object())), HasSubstr("neither a JSON report"));
  EXPECT_THAT(why(with(predicate(), "/scanner/result/Results", 1)), HasSubstr("is not a list"));
}

TEST(VulnerabilityPredicate, MayHoldAReportWithoutTheMembersThatSayWhatItIs) {
  const auto report = read_predicate(
      with(predicate(), "/scanner/result",
           {{"Results", {{{"Vulnerabilities", {{{"VulnerabilityID", "CVE-1"}, {"Severity", "HIGH"}}}}}}}}));
  ASSERT_THAT(report.findings, SizeIs(1));
  EXPECT_EQ(report.findings[0].severity, Severity::High);
}

}  // namespace
}  // namespace tegata::policy
