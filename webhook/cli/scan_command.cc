// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <ostream>

#include "policy/model/printable.h"
#include "policy/model/rfc3339.h"
#include "policy/rules/attested_scans.h"
#include "policy/rules/scanner_report.h"
#include "verifier/evidence/facts/find_aws_scan.h"
#include "verifier/evidence/facts/scan_json.h"
#include "verifier/oci/registry_source.h"
#include "webhook/cli/read_input.h"
#include "webhook/cli/scan_reports.h"
#include "webhook/cli/subcommands.h"
#include "webhook/cli/verification.h"
#include "webhook/clock.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;
using policy::ScanReports;

/// What all sources say of one image.
struct Scanned {
  std::string image;  ///< canonical
  Digest digest;
  ScanReports sources;                ///< each known, or with its gap
  std::vector<ScanFinding> findings;  ///< united, the worst first
};

ExitCode refuse_scan(const Terminal& terminal, const Error& error) {
  terminal.err << "tegata scan: " << error.message << "\n";
  return ExitCode::Usage;
}

ExitCode refuse_scan(const Terminal& terminal, const std::string& why) {
  return refuse_scan(terminal, Error{ErrorCode::Misconfigured, why});
}

bool names_signer(const AuthorityOptions& options) {
  return !options.key.empty() || !options.certificate.empty() || options.identity.subject ||
         options.identity.subject_pattern || options.identity.issuer || options.identity.issuer_pattern;
}

std::shared_ptr<const ScanReport> report_with_gap(Reason reason, std::string why,
                                                  ScanSource source = ScanSource::Attestation) {
  ScanReport report;
  report.source = source;
  report.gap = {reason, std::move(why)};
  return std::make_shared<const ScanReport>(std::move(report));
}

/// A rule that accepts the vulnerability attestations of this authority.
policy::AttestedScans scans_by(const Authority& authority) {
  policy::AttestationCheck check;
  check.type = "vuln";
  check.predicate_type = policy::kVulnerabilityPredicate;
  check.trust = TrustSettings::of({authority});
  return {authority.name, policy::reading_scans(std::move(check))};
}

/// Of an attestation that may be the newest scan and cannot be read; null: there is none.
std::shared_ptr<const ScanReport> report_of_newer(const policy::AttestedScans& scans,
                                                  const SignatureFacts& facts) {
  const auto* rejection = policy::maybe_newer(scans, facts);
  if (rejection == nullptr) return nullptr;
  return report_with_gap(Reason::ScanUnavailable,
                         "an attestation that may be the newest scan cannot be read: " + rejection->detail);
}

/// The reports in the attestations beside the image; one with a gap where there is none.
ScanReports attested_by_options(const Verification& found, const policy::AttestedScans& scans) {
  if (found.absent) return {report_with_gap(Reason::ImageNotFound, found.absent->message)};
  SignatureFacts facts;
  facts.unknown = found.unknown;
  facts.too_many = found.too_many;
  facts.authorities = {{scans.by.trust->authorities.front().id, found.verified, found.rejected}};
  auto reports = found.digest ? policy::attested_reports(scans, {}, *found.digest, facts, found.at)
                              : std::variant<ScanReports, ScanGap>(ScanGap{Reason::ScanMissing, ""});
  if (auto* known = std::get_if<ScanReports>(&reports)) {
    // As for the rule: a newer report may not have been seen.
    if (found.too_many)
      known->push_back(report_with_gap(Reason::ScanUnavailable, "more attestations than are looked at"));
    else if (found.unknown)
      known->push_back(report_with_gap(reason_of(found.unknown->code), found.unknown->message));
    else if (auto newer = report_of_newer(scans, facts))
      known->push_back(std::move(newer));
    return std::move(*known);
  }
  auto& gap = std::get<ScanGap>(reports);
  if (gap.reason != Reason::ScanMissing) return {report_with_gap(gap.reason, std::move(gap.why))};
  if (found.unknown) return {report_with_gap(reason_of(found.unknown->code), found.unknown->message)};
  if (auto newer = report_of_newer(scans, facts)) return {std::move(newer)};
  auto why = "no vulnerability attestation by " + scans.rule;
  if (!found.rejected.empty()) why += "; one was rejected: " + found.rejected.front().detail;
  return {report_with_gap(gap.reason, std::move(why))};
}

Result<std::vector<ScanSource>> services_in(const std::vector<std::string>& written) {
  std::vector<ScanSource> services;
  for (const auto& name : written) {
    if (name == name_of(ScanSource::Inspector) || name == name_of(ScanSource::SecurityHub))
      return Error{ErrorCode::Misconfigured, "--source " + name + " is not in this version"};
    if (name != name_of(ScanSource::Ecr))
      return Error{ErrorCode::Misconfigured, "--source must be ecr; found " + quoted(name, 40)};
    if (services.empty()) services.push_back(ScanSource::Ecr);
  }
  return services;
}

/// What a service of AWS says; a report with a gap where it says nothing.
std::shared_ptr<const ScanReport> service_report(ScanSource service, verifier::ScanPlaces places,
                                                 const Repository& repository, const Digest& digest,
                                                 Deadline deadline) {
  std::promise<FactOf<ScanKind>> promise;
  verifier::find_aws_scan(service, places, repository, digest, deadline,
                          [&](FactOf<ScanKind> found) { promise.set_value(std::move(found)); });
  const auto fact = promise.get_future().get();
  if (const auto* known = std::get_if<Known<std::shared_ptr<const ScanReport>>>(&fact)) return known->value;
  if (const auto* unknown = std::get_if<Unknown>(&fact))
    return report_with_gap(reason_of(unknown->error.code), unknown->error.message, service);
  return report_with_gap(Reason::ImageNotFound, "the registry has no such image", service);
}

Result<Scanned> scanned(const ScanOptions& options, const ImageReference& image, const Terminal& terminal) {
  TEGATA_TRY(const auto given, read_scan_reports(options.reports));
  TEGATA_TRY(const auto services, services_in(options.sources));
  TEGATA_TRY(auto configured, configured_registries(options.registries, "tegata scan", terminal));
  TEGATA_TRY(const auto registries, verifier::RegistrySource::open(std::move(configured.settings)));
  const auto deadline = Deadline::after(options.timeout);
  TEGATA_TRY(const auto digest, resolved_digest(*registries, image, deadline));
  TEGATA_CHECK(check_reports(given, {digest}));
  Scanned result{image.canonical(), digest, {}, {}};
  for (const auto& each : given) result.sources.push_back(each.report);
  if (names_signer(options.authority)) {
    auto trust = std::make_shared<verifier::TrustMaterial>(TrustedRootFiles{}, verifier::Pipes::Read);
    auto authority = options.authority;
    authority.type = "vuln";
    TEGATA_TRY(const auto signer, authority_of(authority, *trust));
    const auto scans = scans_by(signer);
    const auto found = verify_image(*registries, image, image.repository(), trust,
                                    scans.by.trust->authorities.front(), {}, deadline, now());
    for (auto& report : attested_by_options(found, scans)) result.sources.push_back(std::move(report));
  }
  for (const auto service : services)
    result.sources.push_back(
        service_report(service, {*registries, *configured.aws}, image.repository(), digest, deadline));
  ScanReports known;
  for (const auto& report : result.sources)
    if (!report->gap) known.push_back(report);
  result.findings = policy::united(known);
  std::sort(result.findings.begin(), result.findings.end(), policy::is_worse);
  return result;
}

/// Unknown where one source is: it may say more later. Else known where one source has answered.
ExitCode exit_code_of_scan(const Scanned& scan) {
  auto code = ExitCode::Denied;
  for (const auto& report : scan.sources) {
    if (!report->gap) code = ExitCode::Ok;
    if (report->gap && finding_kind_of(report->gap->reason) == FindingKind::Unknown)
      return ExitCode::Unchecked;
  }
  return code;
}

void print_scan_json(const Scanned& scan, const Terminal& terminal) {
  auto sources = json::array();
  for (const auto& report : scan.sources) sources.push_back(verifier::scan_summary_json(*report));
  ScanReport all;
  all.findings = scan.findings;
  auto form = verifier::scan_report_json(all);
  const json list{{"apiVersion", "tegata.dev/v1alpha1"},
                  {"kind", "ScanReport"},
                  {"image", scan.image},
                  {"digest", scan.digest.text()},
                  {"sources", std::move(sources)},
                  {"counts", std::move(form["counts"])},
                  {"findings", std::move(form["findings"])}};
  terminal.out << list.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

Colour colour_of(Severity severity) {
  switch (severity) {
    case Severity::Critical:
    case Severity::High:
      return Colour::Red;
    case Severity::Medium:
    case Severity::Unknown:
      return Colour::Yellow;
    case Severity::Low:
    case Severity::Informational:
      return Colour::Grey;
  }
  return Colour::Yellow;
}

std::string source_line(const ScanReport& report) {
  std::string line(name_of(report.source));
  if (!report.scanner.empty()) line += ", " + printable(report.scanner, 60);
  line += report.scanned_at ? ", " + rfc3339(*report.scanned_at) : ", without a date";
  if (!report.gap) return line + ": " + std::to_string(report.findings.size()) + " findings";
  return std::string(name_of(report.source)) + ": " + std::string(name_of(report.gap->reason)) + ": " +
         sentence(report.gap->why, 300);
}

std::string fixed_words(const ScanFinding& finding) {
  if (!finding.fixed.empty()) return printable(finding.fixed, 60);
  return finding.fix == Availability::No ? "no fix" : finding.fix == Availability::Yes ? "yes" : "not known";
}

std::vector<std::string> row_of(const ScanFinding& finding) {
  std::string score = "-";
  if (finding.score) {
    score = json(*finding.score).dump();
  }
  return {std::string(name_of(finding.severity)), score,
          printable(finding.vulnerability, 60),   printable(finding.package, 80),
          printable(finding.installed, 60),       fixed_words(finding)};
}

void print_rows(const std::vector<ScanFinding>& findings, const Terminal& terminal) {
  std::vector<std::vector<std::string>> rows{
      {"SEVERITY", "SCORE", "VULNERABILITY", "PACKAGE", "INSTALLED", "FIXED IN"}};
  for (const auto& finding : findings) rows.push_back(row_of(finding));
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      auto cell = rows[r][i];
      const auto padding = std::string(i + 1 < rows[r].size() ? widths[i] + 2 - cell.size() : 0, ' ');
      if (i == 0 && r > 0) cell = painted(cell, colour_of(findings[r - 1].severity), terminal.style);
      line += cell + padding;
    }
    terminal.out << line << "\n";
  }
}

void print_scan(const Scanned& scan, const Terminal& terminal) {
  terminal.out << "image   " << printable(scan.image, 500) << "\ndigest  " << scan.digest.text() << "\n";
  for (const auto& report : scan.sources) terminal.out << "source  " << source_line(*report) << "\n";
  if (!scan.findings.empty()) {
    terminal.out << "\n";
    print_rows(scan.findings, terminal);
  }
}

}  // namespace

ExitCode run_scan(const ScanOptions& options, const Terminal& terminal) {
  const auto image = ImageReference::parse(options.image);
  if (!image.ok()) return refuse_scan(terminal, image.error().in(options.image));
  if (options.reports.empty() && options.sources.empty() && !names_signer(options.authority))
    return refuse_scan(terminal,
                       "there is nothing to read: give --scan-report FILE, --source ecr, or whose "
                       "vulnerability attestations "
                       "to read (--key FILE, or --certificate-identity and --certificate-oidc-issuer)");
  if (!options.authority.type.empty() && options.authority.type != "vuln")
    return refuse_scan(terminal, "--type of a scan is vuln");
  const auto scan = scanned(options, *image, terminal);
  if (!scan.ok()) {
    const auto refused = refuse_scan(terminal, scan.error());
    return scan.error().code == ErrorCode::Misconfigured ? refused : ExitCode::Unchecked;
  }
  switch (options.format) {
    case Format::Json:
      print_scan_json(*scan, terminal);
      break;
    case Format::Table:
      print_scan(*scan, terminal);
      break;
  }
  return exit_code_of_scan(*scan);
}

}  // namespace tegata::webhook::cli
