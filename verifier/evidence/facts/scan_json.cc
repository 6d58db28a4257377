// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/facts/scan_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "policy/model/rfc3339.h"
#include "verifier/evidence/fact_record.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text) { return text.empty() ? json() : json(valid_utf8(text)); }
json time_or_null(const std::optional<Time>& time) { return time ? json(rfc3339(*time)) : json(); }
json number_or_null(const std::optional<double>& number) { return number ? json(*number) : json(); }

json scan_finding_json(const ScanFinding& finding) {
  auto aliases = json::array();
  for (const auto& alias : finding.aliases) aliases.push_back(valid_utf8(alias));
  return {{"vulnerability", valid_utf8(finding.vulnerability)},
          {"aliases", std::move(aliases)},
          {"package", valid_utf8(finding.package)},
          {"installed", valid_utf8(finding.installed)},
          {"fixed", valid_utf8(finding.fixed)},
          {"fix", name_of(finding.fix)},
          {"severity", name_of(finding.severity)},
          {"score", number_or_null(finding.score)},
          {"epss", number_or_null(finding.epss)},
          {"exploit", name_of(finding.exploit)},
          {"firstObserved", time_or_null(finding.first_observed)},
          {"suppressedBy", text_or_null(finding.suppressed_by)}};
}

const char* status_of(const ScanReport& report) {
  if (!report.gap) return "known";
  return finding_kind_of(report.gap->reason) == FindingKind::Missing ? "missing" : "unknown";
}

Error malformed_scan(const std::string& what) { return Error::malformed("recorded scan: " + what); }

Result<std::string> scan_text(const json& form, std::string_view name) {
  TEGATA_TRY(auto text, string_member(form, name));
  return std::move(text).value_or("");
}

template <typename Enum>
Result<Enum> scan_word(const json& form, std::string_view name, std::initializer_list<Enum> all) {
  TEGATA_TRY(const auto text, scan_text(form, name));
  for (const auto each : all)
    if (name_of(each) == text) return each;
  return malformed_scan("an unknown word as " + std::string(name));
}

Result<std::optional<double>> scan_number(const json& form, std::string_view name) {
  const auto* number = member(form, name);
  if (number == nullptr) return std::optional<double>();
  if (!number->is_number()) return malformed_scan(std::string(name) + " must be a number");
  return std::optional(number->get<double>());
}

Result<std::optional<Time>> scan_time(const json& form, std::string_view name) {
  TEGATA_TRY(const auto text, string_member(form, name));
  if (!text) return std::optional<Time>();
  const auto time = read_rfc3339(*text, TimeForm::Lenient);
  if (!time) return malformed_scan(std::string(name) + " must be a time");
  return time;
}

constexpr auto kAvailabilities = {Availability::No, Availability::Unknown, Availability::Yes};

Result<ScanFinding> read_scan_finding(const json& form) {
  ScanFinding finding;
  TEGATA_TRY(finding.vulnerability, scan_text(form, "vulnerability"));
  TEGATA_TRY(finding.package, scan_text(form, "package"));
  TEGATA_TRY(finding.installed, scan_text(form, "installed"));
  TEGATA_TRY(finding.fixed, scan_text(form, "fixed"));
  TEGATA_TRY(finding.fix, scan_word(form, "fix", kAvailabilities));
  TEGATA_TRY(finding.severity, scan_word(form, "severity",
                                         {Severity::Unknown, Severity::Informational, Severity::Low,
                                          Severity::Medium, Severity::High, Severity::Critical}));
  TEGATA_TRY(finding.score, scan_number(form, "score"));
  TEGATA_TRY(finding.epss, scan_number(form, "epss"));
  TEGATA_TRY(finding.exploit, scan_word(form, "exploit", kAvailabilities));
  TEGATA_TRY(finding.first_observed, scan_time(form, "firstObserved"));
  TEGATA_TRY(finding.suppressed_by, scan_text(form, "suppressedBy"));
  const auto* aliases = member(form, "aliases");
  if (aliases == nullptr || !aliases->is_array()) return malformed_scan("a finding without its aliases");
  for (const auto& alias : *aliases) {
    if (!alias.is_string()) return malformed_scan("an alias must be a string");
    finding.aliases.push_back(alias.get<std::string>());
  }
  return finding;
}

Status read_gap(const json& form, ScanReport& report) {
  TEGATA_TRY(const auto name, string_member(form, "reason"));
  if (name) {
    const auto reason = reason_of(*name);
    if (!reason) return malformed_scan("an unknown reason");
    TEGATA_TRY(auto why, scan_text(form, "why"));
    report.gap = {*reason, std::move(why)};
  }
  TEGATA_TRY(const auto status, scan_text(form, "status"));
  if (status != status_of(report)) return malformed_scan("the status does not match the reason");
  return done();
}

}  // namespace

json scan_summary_json(const ScanReport& report) {
  auto counts = json::object();
  for (const auto& finding : report.findings) {
    auto& count = counts[std::string(name_of(finding.severity))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  return {{"source", name_of(report.source)},
          {"scanner", valid_utf8(report.scanner)},
          {"scannedAt", time_or_null(report.scanned_at)},
          {"scanning", name_of(report.scanning)},
          {"status", status_of(report)},
          {"reason", report.gap ? json(name_of(report.gap->reason)) : json()},
          {"why", report.gap ? json(valid_utf8(report.gap->why)) : json()},
          {"counts", std::move(counts)}};
}

json scan_report_json(const ScanReport& report) {
  auto form = scan_summary_json(report);
  form["findings"] = json::array();
  for (const auto& finding : report.findings) form["findings"].push_back(scan_finding_json(finding));
  return form;
}

Result<ScanReport> read_scan_report(const json& form) {
  ScanReport report;
  TEGATA_TRY(report.source, scan_word(form, "source",
                                      {ScanSource::Attestation, ScanSource::Ecr, ScanSource::Inspector,
                                       ScanSource::SecurityHub, ScanSource::File}));
  TEGATA_TRY(report.scanner, scan_text(form, "scanner"));
  TEGATA_TRY(report.scanned_at, scan_time(form, "scannedAt"));
  TEGATA_TRY(report.scanning, scan_word(form, "scanning", {Scanning::Once, Scanning::Continuous}));
  TEGATA_CHECK(read_gap(form, report));
  const auto* findings = member(form, "findings");
  if (findings == nullptr || !findings->is_array()) return malformed_scan("it has no list of findings");
  for (const auto& each : *findings) {
    TEGATA_TRY(auto finding, read_scan_finding(each));
    report.findings.push_back(std::move(finding));
  }
  return report;
}

}  // namespace tegata::verifier
