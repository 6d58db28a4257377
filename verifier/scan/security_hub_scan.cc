// SPDX-License-Identifier: Apache-2.0
// AWS Security Hub, GetFindings: findings in the AWS Security Finding Format (ASFF, 2018-10-08).
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/json/strict_json.h"
#include "verifier/scan/aws_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

constexpr PackageNames kAsffNames{"Name", "Version", "Epoch", "Release", "FixedInVersion"};

/// The highest score of CVSS 3 or 4; of CVSS 2 where there is no other.
Result<std::optional<double>> asff_score(const json& vulnerability) {
  std::optional<double> recent;
  std::optional<double> old;
  TEGATA_TRY(const auto scores, aws_list(vulnerability, "Cvss"));
  for (const auto* score : scores) {
    TEGATA_TRY(const auto version, aws_text(*score, "Version"));
    TEGATA_TRY(const auto number, aws_number(*score, "BaseScore", 10));
    auto& highest = version.starts_with('2') ? old : recent;
    highest = std::max(highest, number);
  }
  return recent ? recent : old;
}

/// One for each package of one vulnerability; `shared` is what the whole finding says.
Result<std::vector<ScanFinding>> asff_vulnerability(const json& form, ScanFinding shared) {
  if (!form.is_object()) return Error::malformed("a vulnerability of the answer is not an object");
  TEGATA_TRY(auto id, aws_text(form, "Id"));
  if (!id.empty()) shared.vulnerability = std::move(id);
  TEGATA_TRY(shared.score, asff_score(form));
  TEGATA_TRY(shared.epss, aws_number(form, "EpssScore", 1));
  TEGATA_TRY(shared.fix, aws_availability(form, "FixAvailable"));
  TEGATA_TRY(shared.exploit, aws_availability(form, "ExploitAvailable"));
  TEGATA_TRY(const auto related, aws_list(form, "RelatedVulnerabilities"));
  for (const auto* other : related)
    if (other->is_string() && shared.aliases.size() < limits::kScanAliases &&
        other->get_ref<const std::string&>().size() <= limits::kScanText)
      shared.aliases.push_back(other->get<std::string>());
  TEGATA_TRY(const auto packages, aws_list(form, "VulnerablePackages"));
  std::vector<ScanFinding> findings;
  for (const auto* package : packages) {
    auto finding = shared;
    TEGATA_CHECK(read_package(*package, kAsffNames, finding));
    findings.push_back(std::move(finding));
  }
  if (findings.empty()) findings.push_back(std::move(shared));
  return findings;
}

Result<ScanFinding> asff_shared_part(const json& form) {
  ScanFinding finding;
  TEGATA_TRY(finding.vulnerability, aws_text(form, "Title"));
  if (finding.vulnerability.empty()) finding.vulnerability = "a finding without a title";
  if (const auto* severity = member(form, "Severity")) {
    TEGATA_TRY(const auto label, aws_text(*severity, "Label"));
    finding.severity = severity_of(label);
  }
  TEGATA_TRY(finding.first_observed, aws_time(form, "FirstObservedAt"));
  if (const auto* workflow = member(form, "Workflow")) {
    TEGATA_TRY(const auto status, aws_text(*workflow, "Status"));
    if (status == "SUPPRESSED" || status == "RESOLVED")
      finding.suppressed_by = "the workflow status " + status + " in AWS Security Hub";
  }
  return finding;
}

/// Findings without vulnerabilities are of another kind: no scan, and possibly our own denials.
Status read_asff_finding(const json& form, ScanPage& page) {
  TEGATA_TRY(const auto vulnerabilities, aws_list(form, "Vulnerabilities"));
  if (vulnerabilities.empty()) return done();
  ++page.mentioned;
  TEGATA_TRY(const auto state, aws_text(form, "RecordState"));
  TEGATA_TRY(const auto updated, aws_time(form, "UpdatedAt"));
  page.report.scanned_at = std::max(page.report.scanned_at, updated);
  if (state == "ARCHIVED") return done();
  TEGATA_TRY(const auto shared, asff_shared_part(form));
  for (const auto* vulnerability : vulnerabilities) {
    TEGATA_TRY(auto findings, asff_vulnerability(*vulnerability, shared));
    TEGATA_CHECK(add_findings(page, std::move(findings)));
  }
  return done();
}

Status read_asff_page(const json& answer, const Digest& image, ScanPage& page) {
  page.report.scanner = "AWS Security Hub";
  TEGATA_TRY(page.next, aws_token(answer, "NextToken"));
  if (member(answer, "Findings") == nullptr) return Error::malformed("the answer has no Findings");
  TEGATA_TRY(const auto findings, aws_list(answer, "Findings"));
  for (const auto* form : findings) {
    if (!form->is_object()) return Error::malformed("a finding of the answer is not an object");
    if (!is_about_image(*form, "Resources", "Details", "AwsEcrContainerImage", "ImageDigest", image))
      continue;
    TEGATA_CHECK(read_asff_finding(*form, page));
  }
  return done();
}

}  // namespace

ScanPage read_security_hub_findings(std::string_view body, const Digest& image) {
  return read_page(ScanSource::SecurityHub, body,
                   [&](const json& answer, ScanPage& page) { return read_asff_page(answer, image, page); });
}

ScanReport security_hub_report(std::vector<ScanPage> pages) {
  std::size_t mentioned = 0;
  for (const auto& page : pages) mentioned += page.mentioned;
  auto report = united_pages(std::move(pages));
  if (!report.gap && mentioned == 0)
    report.gap = {Reason::ScanMissing,
                  "AWS Security Hub has no finding about this image, which does not say that it was scanned"};
  return report;
}

}  // namespace tegata::verifier
