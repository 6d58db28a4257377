// SPDX-License-Identifier: Apache-2.0
// Trivy's JSON report, SchemaVersion 2 (aquasecurity/trivy, pkg/types/report.go):
//
//   {SchemaVersion, CreatedAt, ArtifactName, ArtifactType, Trivy: {Version}, Metadata: {RepoDigests},
//    Results: [{Vulnerabilities: [{VulnerabilityID, VendorIDs, PkgName, InstalledVersion, FixedVersion,
//                                  Severity, CVSS: {SOURCE: {V2Score, V3Score, V40Score}}}]}]}
//
// A clean image has no Results, or some without Vulnerabilities. No FixedVersion: there is no fix.
#include <algorithm>

#include "policy/rules/scanner_members.h"

namespace tegata::policy {
namespace {

constexpr double kHighestScore = 10;

/// The highest score of CVSS 3 or 4 that any source gives; of CVSS 2 where there is no other.
Result<std::optional<double>> trivy_score(const Value& vulnerability) {
  std::optional<double> recent;
  std::optional<double> old;
  const auto* scores = scanner_member(vulnerability, "CVSS");
  if (scores == nullptr) return recent;
  TEGATA_CHECK(must_be_object(*scores, "CVSS"));
  for (const auto& [source, score] : std::get<Value::Object>(scores->of)) {
    TEGATA_CHECK(must_be_object(score, "CVSS score"));
    for (const auto* name : {"V3Score", "V40Score"}) {
      TEGATA_TRY(const auto number, scanner_number(score, name, kHighestScore));
      recent = std::max(recent, number);
    }
    TEGATA_TRY(const auto number, scanner_number(score, "V2Score", kHighestScore));
    old = std::max(old, number);
  }
  return recent ? recent : old;
}

Result<ScanFinding> trivy_finding(const Value& vulnerability) {
  TEGATA_CHECK(must_be_object(vulnerability, "vulnerability"));
  ScanFinding finding;
  TEGATA_TRY(finding.vulnerability, scanner_text(vulnerability, "VulnerabilityID"));
  TEGATA_TRY(finding.package, scanner_text(vulnerability, "PkgName"));
  TEGATA_TRY(finding.installed, scanner_text(vulnerability, "InstalledVersion"));
  TEGATA_TRY(finding.fixed, scanner_text(vulnerability, "FixedVersion"));
  finding.fix = finding.fixed.empty() ? Availability::No : Availability::Yes;
  TEGATA_TRY(const auto severity, scanner_text(vulnerability, "Severity"));
  finding.severity = severity_of(severity);
  TEGATA_TRY(finding.score, trivy_score(vulnerability));
  TEGATA_TRY(const auto* ids, scanner_list(vulnerability, "VendorIDs"));
  for (const auto& id : *ids)
    if (const auto* text = std::get_if<std::string>(&id.of)) TEGATA_CHECK(add_alias(finding, *text));
  return finding;
}

Status read_result(const Value& result, ScanReport& report) {
  TEGATA_CHECK(must_be_object(result, "result"));
  TEGATA_TRY(const auto* vulnerabilities, scanner_list(result, "Vulnerabilities"));
  for (const auto& vulnerability : *vulnerabilities) {
    TEGATA_TRY(auto finding, trivy_finding(vulnerability));
    TEGATA_CHECK(add_finding(report, std::move(finding)));
  }
  return done();
}

/// Older ways to embed a report leave out the members that say what it is; what they say must be right.
Status check_kind(const Value& document) {
  if (const auto* version = scanner_member(document, "SchemaVersion")) {
    const auto* number = std::get_if<std::int64_t>(&version->of);
    if (number == nullptr || *number != 2)
      return Error::malformed("a report of Trivy with another SchemaVersion than 2");
  }
  TEGATA_TRY(const auto type, scanner_text(document, "ArtifactType"));
  if (!type.empty() && type != "container_image")
    return Error::malformed(
        "the report is not about a container image: its ArtifactType is not container_image");
  return done();
}

Status read_trivy_digests(const Value& document, std::vector<Digest>& digests) {
  const auto* metadata = scanner_member(document, "Metadata");
  if (metadata == nullptr) return done();
  TEGATA_TRY(const auto* named, scanner_list(*metadata, "RepoDigests"));
  for (const auto& each : *named)
    if (const auto* text = std::get_if<std::string>(&each.of)) add_digest(digests, *text);
  return done();
}

}  // namespace

Result<ScannerReport> read_trivy(const Value& document) {
  TEGATA_CHECK(check_kind(document));
  ScannerReport read;
  read.report.scanner = "Trivy";
  if (const auto* trivy = scanner_member(document, "Trivy")) {
    TEGATA_TRY(const auto version, scanner_text(*trivy, "Version"));
    if (!version.empty()) read.report.scanner += " " + version;
  }
  TEGATA_TRY(read.report.scanned_at, scanner_time(document, "CreatedAt"));
  TEGATA_CHECK(read_trivy_digests(document, read.digests));
  TEGATA_TRY(const auto* results, scanner_list(document, "Results"));
  for (const auto& result : *results) TEGATA_CHECK(read_result(result, read.report));
  return read;
}

}  // namespace tegata::policy
