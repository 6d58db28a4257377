// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/scan_findings.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <utility>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "policy/model/rfc3339.h"

namespace tegata::policy {
namespace {

constexpr std::string_view kCve = "CVE-";

/// The ids of the list CVE that a finding has; usually one.
std::vector<std::string_view> cves_of(const ScanFinding& finding) {
  std::vector<std::string_view> cves;
  if (finding.vulnerability.starts_with(kCve)) return {finding.vulnerability};
  for (const auto& alias : finding.aliases)
    if (alias.starts_with(kCve)) cves.push_back(alias);
  return cves;
}

}  // namespace

std::pair<std::string_view, std::string_view> identity_of(const ScanFinding& finding) {
  const auto cves = cves_of(finding);
  return {cves.size() == 1 ? cves.front() : std::string_view(finding.vulnerability), finding.package};
}

bool is_worse(const ScanFinding& a, const ScanFinding& b) {
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.score != b.score) return a.score > b.score;
  return std::tie(a.vulnerability, a.package, a.installed) <
         std::tie(b.vulnerability, b.package, b.installed);
}

namespace {

template <typename T>
void keep_earlier(std::optional<T>& kept, const std::optional<T>& other) {
  if (other && (!kept || *other < *kept)) kept = other;
}

void add_id(ScanFinding& kept, const std::string& id) {
  if (id != kept.vulnerability &&
      std::find(kept.aliases.begin(), kept.aliases.end(), id) == kept.aliases.end())
    kept.aliases.push_back(id);
}

void merge(ScanFinding& kept, const ScanFinding& other) {
  // Versions are told as the source of the higher severity writes them.
  if (is_worse(other, kept) || kept.fixed.empty()) {
    if (!other.fixed.empty()) kept.fixed = other.fixed;
    if (!other.installed.empty()) kept.installed = other.installed;
  }
  kept.severity = std::max(kept.severity, other.severity);
  kept.score = std::max(kept.score, other.score);
  kept.epss = std::max(kept.epss, other.epss);
  kept.fix = std::max(kept.fix, other.fix);
  kept.exploit = std::max(kept.exploit, other.exploit);
  keep_earlier(kept.first_observed, other.first_observed);
  if (other.suppressed_by.empty()) kept.suppressed_by.clear();
  add_id(kept, other.vulnerability);
  for (const auto& alias : other.aliases) add_id(kept, alias);
}

/// The highest score of each severity, CVSS v3.1 specification, section 5.
double score_of(const ScanFinding& finding) {
  if (finding.score) return *finding.score;
  switch (finding.severity) {
    case Severity::Unknown:
    case Severity::Critical:
      return 10.0;
    case Severity::High:
      return 8.9;
    case Severity::Medium:
      return 6.9;
    case Severity::Low:
      return 3.9;
    case Severity::Informational:
      return 0.0;
  }
  return 10.0;
}

bool is_severe(const VulnerabilityCriteria& criteria, const ScanFinding& finding) {
  const bool passes = criteria.unrated == Unrated::Passes;
  if (criteria.fail_at) {
    if (finding.severity == Severity::Unknown ? !passes : finding.severity >= *criteria.fail_at) return true;
  }
  if (!criteria.min_score) return false;
  if (finding.severity == Severity::Unknown && !finding.score) return !passes;
  return score_of(finding) >= *criteria.min_score;
}

std::string number_text(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return {text, end};
}

std::string described(const ScanFinding& finding) {
  auto text = printable(finding.vulnerability, 60) + " (" + std::string(name_of(finding.severity));
  if (finding.score) text += ", " + number_text(*finding.score);
  text += ") in " + (finding.package.empty() ? "a package without a name" : printable(finding.package, 80));
  if (!finding.installed.empty()) text += " " + printable(finding.installed, 60);
  if (!finding.fixed.empty()) return text + ", fixed in " + printable(finding.fixed, 60);
  switch (finding.fix) {
    case Availability::No:
      return text + ", no fix";
    case Availability::Yes:
      return text + ", a fix exists";
    case Availability::Unknown:
      return text + ", fix not known";
  }
  return text;
}

}  // namespace

std::vector<ScanFinding> united(const ScanReports& reports,
                                const std::function<bool(const ScanFinding&)>& wanted) {
  using Key = std::pair<std::string_view, std::string_view>;
  std::map<Key, ScanFinding> all;  // the keys point into the reports
  if (wanted)
    for (const auto& report : reports)
      for (const auto& finding : report->findings)
        if (wanted(finding)) all.emplace(identity_of(finding), ScanFinding{});
  for (const auto& report : reports)
    for (const auto& finding : report->findings) {
      const auto key = identity_of(finding);
      auto found = all.find(key);
      if (found == all.end()) {
        if (wanted) continue;
        found = all.emplace(key, ScanFinding{}).first;
      }
      if (found->second.vulnerability.empty())
        found->second = finding;
      else
        merge(found->second, finding);
    }
  std::vector<ScanFinding> findings;
  for (auto& [key, finding] : all) {
    // Named by its CVE; the id that the source uses becomes an alias.
    if (finding.vulnerability != key.first) {
      std::erase(finding.aliases, key.first);
      finding.aliases.push_back(std::exchange(finding.vulnerability, std::string(key.first)));
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

bool counts(const VulnerabilityCriteria& criteria, const ScanFinding& finding, Time now) {
  if (!is_severe(criteria, finding)) return false;
  if (criteria.fixable_only && finding.fix == Availability::No) return false;
  if (criteria.exploitable && finding.exploit == Availability::No) return false;
  if (criteria.suppressions == Suppressions::Honored && !finding.suppressed_by.empty()) return false;
  return !criteria.grace || !finding.first_observed || now >= *finding.first_observed + *criteria.grace;
}

bool names(const ScopedExemption& exemption, const ScanFinding& finding) {
  const auto named = [&](std::string_view id) {
    return std::find(exemption.vulnerabilities.begin(), exemption.vulnerabilities.end(), id) !=
           exemption.vulnerabilities.end();
  };
  if (named(finding.vulnerability)) return true;
  const auto cves = cves_of(finding);
  if (cves.size() <= 1)  // else the other id may stand for one of them alone
    for (const auto& alias : finding.aliases)
      if (alias.starts_with("GHSA-") && named(alias)) return true;
  return !cves.empty() && std::all_of(cves.begin(), cves.end(), named);
}

std::vector<ScanFinding> counted(const VulnerabilityCriteria& criteria, const ScanReports& reports,
                                 std::span<const ScopedExemption> exemptions, Time now) {
  auto findings = united(reports, [&](const ScanFinding& finding) { return is_severe(criteria, finding); });
  std::erase_if(findings, [&](const ScanFinding& finding) {
    return !counts(criteria, finding, now) ||
           std::any_of(exemptions.begin(), exemptions.end(),
                       [&](const ScopedExemption& exemption) { return names(exemption, finding); });
  });
  std::sort(findings.begin(), findings.end(), is_worse);
  return findings;
}

std::optional<ScanGap> gap_of(const VulnerabilityCriteria& criteria, const ScanReport& report, Time now) {
  if (report.gap) return report.gap;
  if (report.scanned_at && *report.scanned_at > now + limits::kScanClockAhead)
    return ScanGap{Reason::ScanUnavailable,
                   "the scan is dated in the future: " + rfc3339(*report.scanned_at) +
                       (report.source == ScanSource::Attestation
                            ? "; when the clock is right, replace it (cosign attest --replace)"
                            : "")};
  if (!criteria.max_scan_age || report.scanning == Scanning::Continuous) return std::nullopt;
  if (!report.scanned_at) return ScanGap{Reason::ScanTooOld, "a scan that does not say when it was made"};
  if (now - *report.scanned_at <= *criteria.max_scan_age) return std::nullopt;
  return ScanGap{Reason::ScanTooOld, "the scan is of " + rfc3339(*report.scanned_at)};
}

std::string duration_text(std::chrono::milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  if (seconds % 3600 == 0) return std::to_string(seconds / 3600) + "h";
  if (seconds % 60 == 0) return std::to_string(seconds / 60) + "m";
  return std::to_string(seconds) + "s";
}

std::string expected_scan(const VulnerabilityCriteria& criteria) {
  std::string text = "no vulnerability ";
  if (criteria.fail_at) text += "of severity " + std::string(name_of(*criteria.fail_at)) + " or above";
  if (criteria.min_score)
    text += std::string(criteria.fail_at ? " or " : "") + "with a CVSS score of " +
            number_text(*criteria.min_score) + " or more";
  if (criteria.unrated == Unrated::Counts) text += ", or not rated";
  if (criteria.fixable_only) text += ", with a fix";
  if (criteria.exploitable) text += ", with an exploit";
  if (criteria.grace) text += ", first observed more than " + duration_text(*criteria.grace) + " ago";
  if (criteria.max_scan_age)
    text += ", in a scan that is at most " + duration_text(*criteria.max_scan_age) + " old";
  return text;
}

std::string found_vulnerabilities(const std::vector<ScanFinding>& counted) {
  const auto shown = std::min(counted.size(), limits::kToldVulnerabilities);
  auto text =
      std::to_string(counted.size()) + (counted.size() == 1 ? " vulnerability: " : " vulnerabilities: ");
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : "; ") + described(counted[i]);
  if (shown < counted.size()) text += "; and " + std::to_string(counted.size() - shown) + " more";
  return text;
}

}  // namespace tegata::policy
