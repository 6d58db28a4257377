// SPDX-License-Identifier: Apache-2.0
// Grype's JSON report (anchore/grype, grype/presenter/models):
//
//   {matches: [{vulnerability: {id, severity, cvss: [{version, metrics: {baseScore}}], epss: [{epss}],
//                               knownExploited: [], fix: {versions: [], state}},
//               relatedVulnerabilities: [{id}], artifact: {name, version}}],
//    source: {type, target: {repoDigests, manifestDigest}}, descriptor: {name, version, timestamp}}
//
// `ignoredMatches` is what the scanner's own configuration leaves out; it is not read.
#include <algorithm>

#include "policy/rules/scanner_members.h"

namespace tegata::policy {
namespace {

constexpr double kHighestBase = 10;

/// The highest base score; those of CVSS 2 only where there is no other.
Result<std::optional<double>> grype_score(const Value& vulnerability) {
  std::optional<double> recent;
  std::optional<double> old;
  TEGATA_TRY(const auto* scores, scanner_list(vulnerability, "cvss"));
  for (const auto& score : *scores) {
    TEGATA_TRY(const auto version, scanner_text(score, "version"));
    const auto* metrics = scanner_member(score, "metrics");
    if (metrics == nullptr) continue;
    TEGATA_TRY(const auto number, scanner_number(*metrics, "baseScore", kHighestBase));
    auto& highest = version.starts_with('2') ? old : recent;
    highest = std::max(highest, number);
  }
  return recent ? recent : old;
}

Result<std::optional<double>> grype_epss(const Value& vulnerability) {
  std::optional<double> highest;
  TEGATA_TRY(const auto* entries, scanner_list(vulnerability, "epss"));
  for (const auto& entry : *entries) {
    TEGATA_TRY(const auto number, scanner_number(entry, "epss", 1));
    highest = std::max(highest, number);
  }
  return highest;
}

/// `fixed`, `not-fixed` and `wont-fix`; anything else: the scanner does not say.
Status read_fix(const Value& vulnerability, ScanFinding& finding) {
  const auto* fix = scanner_member(vulnerability, "fix");
  if (fix == nullptr) return done();
  TEGATA_TRY(const auto state, scanner_text(*fix, "state"));
  TEGATA_TRY(const auto* versions, scanner_list(*fix, "versions"));
  for (const auto& version : *versions) {
    const auto* text = std::get_if<std::string>(&version.of);
    if (text == nullptr) return Error::malformed("a fixed version of the report is not a text");
    // Enough to name; whether there is a fix does not depend on it.
    if (finding.fixed.size() + text->size() > 200) break;
    finding.fixed += (finding.fixed.empty() ? "" : ", ") + *text;
  }
  if (state == "fixed" || !versions->empty())
    finding.fix = Availability::Yes;
  else if (state == "not-fixed" || state == "wont-fix")
    finding.fix = Availability::No;
  return done();
}

Status read_vulnerability(const Value& vulnerability, ScanFinding& finding) {
  TEGATA_TRY(finding.vulnerability, scanner_text(vulnerability, "id"));
  TEGATA_TRY(const auto severity, scanner_text(vulnerability, "severity"));
  finding.severity = severity_of(severity);
  TEGATA_TRY(finding.score, grype_score(vulnerability));
  TEGATA_TRY(finding.epss, grype_epss(vulnerability));
  TEGATA_TRY(const auto* exploited, scanner_list(vulnerability, "knownExploited"));
  if (!exploited->empty()) finding.exploit = Availability::Yes;
  return read_fix(vulnerability, finding);
}

Result<ScanFinding> grype_finding(const Value& match) {
  TEGATA_CHECK(must_be_object(match, "match"));
  ScanFinding finding;
  const auto* vulnerability = scanner_member(match, "vulnerability");
  const auto* artifact = scanner_member(match, "artifact");
  if (vulnerability == nullptr || artifact == nullptr)
    return Error::malformed("a match of the report has no vulnerability or no artifact");
  TEGATA_CHECK(read_vulnerability(*vulnerability, finding));
  TEGATA_TRY(finding.package, scanner_text(*artifact, "name"));
  TEGATA_TRY(finding.installed, scanner_text(*artifact, "version"));
  TEGATA_TRY(const auto* related, scanner_list(match, "relatedVulnerabilities"));
  for (const auto& each : *related) {
    TEGATA_TRY(auto id, scanner_text(each, "id"));
    TEGATA_CHECK(add_alias(finding, std::move(id)));
  }
  return finding;
}

Status read_image(const Value& document, std::vector<Digest>& digests) {
  const auto* source = scanner_member(document, "source");
  if (source == nullptr) return Error::malformed("the report has no source");
  TEGATA_TRY(const auto type, scanner_text(*source, "type"));
  if (type != "image")
    return Error::malformed("the report is not about a container image: its source.type is not image");
  const auto* target = scanner_member(*source, "target");
  if (target == nullptr) return done();
  TEGATA_TRY(const auto manifest, scanner_text(*target, "manifestDigest"));
  add_digest(digests, manifest);
  TEGATA_TRY(const auto* named, scanner_list(*target, "repoDigests"));
  for (const auto& each : *named)
    if (const auto* text = std::get_if<std::string>(&each.of)) add_digest(digests, *text);
  return done();
}

}  // namespace

Result<ScannerReport> read_grype(const Value& document) {
  ScannerReport read;
  read.report.scanner = "Grype";
  const auto* descriptor = scanner_member(document, "descriptor");
  if (descriptor == nullptr) return Error::malformed("the report has matches, but no descriptor");
  TEGATA_TRY(const auto name, scanner_text(*descriptor, "name"));
  if (name != "grype") return Error::malformed("a report of another scanner than Grype has matches");
  TEGATA_TRY(const auto version, scanner_text(*descriptor, "version"));
  if (!version.empty()) read.report.scanner += " " + version;
  TEGATA_TRY(read.report.scanned_at, scanner_time(*descriptor, "timestamp"));
  TEGATA_CHECK(read_image(document, read.digests));
  TEGATA_TRY(const auto* matches, scanner_list(document, "matches"));
  for (const auto& match : *matches) {
    TEGATA_TRY(auto finding, grype_finding(match));
    TEGATA_CHECK(add_finding(read.report, std::move(finding)));
  }
  return read;
}

}  // namespace tegata::policy
