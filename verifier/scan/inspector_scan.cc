// SPDX-License-Identifier: Apache-2.0
// Amazon Inspector (API version 2020-06-08): ListFindings, ListCoverage, and its findings in ECR's answers.
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/json/strict_json.h"
#include "verifier/scan/aws_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

struct CoverageGap {
  std::string_view reason;
  Reason code;
  std::string_view why;
};

// Every ScanStatusReason but SUCCESSFUL and SCAN_FREQUENCY_SCAN_ON_PUSH, as far as it can be an image's.
constexpr CoverageGap kCoverage[] = {
    {"PENDING_INITIAL_SCAN", Reason::ScanPending, "the first scan has not finished"},
    {"SCAN_IN_PROGRESS", Reason::ScanPending, "the scan is in progress"},
    {"PENDING_REVIVAL_SCAN", Reason::ScanPending, "the image is about to be scanned again"},
    {"PENDING_DISABLE", Reason::ScanExpired, "Amazon Inspector is being disabled"},
    {"UNSUPPORTED_OS", Reason::ScanUnsupported, "the operating system is not supported"},
    {"UNSUPPORTED_RUNTIME", Reason::ScanUnsupported, "the runtime is not supported"},
    {"UNSUPPORTED_MEDIA_TYPE", Reason::ScanUnsupported, "the media type is not supported"},
    {"UNSUPPORTED_CONFIG_FILE", Reason::ScanUnsupported, "the image's config is not supported"},
    {"UNSUPPORTED_LANGUAGE", Reason::ScanUnsupported, "the language is not supported"},
    {"UNSUPPORTED_CODE_ARTIFACTS", Reason::ScanUnsupported, "the artifacts are not supported"},
    {"IMAGE_SIZE_EXCEEDED", Reason::ScanUnsupported, "the image is too large to be scanned"},
    {"SCAN_ELIGIBILITY_EXPIRED", Reason::ScanExpired,
     "the image is not scanned any more: its time has expired"},
    {"RESOURCE_TERMINATED", Reason::ScanExpired, "the image is not scanned any more: it was deleted"},
    {"IMAGE_ARCHIVED", Reason::ImageArchived, "the image is archived"},
    {"SCAN_FREQUENCY_MANUAL", Reason::ScanMissing, "the repository is scanned on request only"},
    {"EXCLUDED_BY_TAG", Reason::ScanMissing, "a tag excludes the image from scanning"},
    {"NO_RESOURCES_FOUND", Reason::ScanMissing, "there is nothing to scan"},
    {"NO_SCAN_CONFIGURATION_ASSOCIATED", Reason::ScanMissing, "no scan is configured"},
    {"INTERNAL_ERROR", Reason::ScanFailed, "the scan failed"},
    {"ACCESS_DENIED", Reason::ScanFailed, "Amazon Inspector may not read the image"},
    {"ACCESS_DENIED_TO_ENCRYPTION_KEY", Reason::ScanFailed, "Amazon Inspector may not use the image's key"},
};

constexpr PackageNames kInspectorNames{"name", "version", "epoch", "release", "fixedInVersion"};

Status read_vulnerability_details(const json& form, ScanFinding& finding) {
  const auto* details = member(form, "packageVulnerabilityDetails");
  if (details == nullptr) return done();
  TEGATA_TRY(finding.vulnerability, aws_text(*details, "vulnerabilityId"));
  TEGATA_TRY(const auto related, aws_list(*details, "relatedVulnerabilities"));
  for (const auto* id : related) {
    if (!id->is_string() || finding.aliases.size() == limits::kScanAliases) continue;
    const auto& text = id->get_ref<const std::string&>();
    if (text.size() <= limits::kScanText) finding.aliases.push_back(text);
  }
  return done();
}

/// What is the same for all packages of a finding.
Result<ScanFinding> shared_part(const json& form, std::string_view score) {
  ScanFinding finding;
  TEGATA_CHECK(read_vulnerability_details(form, finding));
  if (finding.vulnerability.empty()) {
    TEGATA_TRY(finding.vulnerability, aws_text(form, "title"));
  }
  if (finding.vulnerability.empty())
    return Error::malformed("a finding of the answer has no id and no title");
  TEGATA_TRY(const auto severity, aws_text(form, "severity"));
  finding.severity = severity_of(severity);
  TEGATA_TRY(finding.score, aws_number(form, score, 10));
  TEGATA_TRY(finding.fix, aws_availability(form, "fixAvailable"));
  TEGATA_TRY(finding.exploit, aws_availability(form, "exploitAvailable"));
  TEGATA_TRY(finding.first_observed, aws_time(form, "firstObservedAt"));
  if (const auto* epss = member(form, "epss")) {
    TEGATA_TRY(finding.epss, aws_number(*epss, "score", 1));
  }
  return finding;
}

}  // namespace

Result<std::vector<ScanFinding>> read_inspector_finding(const json& form, std::string_view score) {
  if (!form.is_object()) return Error::malformed("a finding of the answer is not an object");
  TEGATA_TRY(const auto status, aws_text(form, "status"));
  if (status == "CLOSED") return std::vector<ScanFinding>();
  TEGATA_TRY(auto shared, shared_part(form, score));
  if (status == "SUPPRESSED") shared.suppressed_by = "a suppression rule of Amazon Inspector";
  std::vector<ScanFinding> findings;
  if (const auto* details = member(form, "packageVulnerabilityDetails")) {
    TEGATA_TRY(const auto packages, aws_list(*details, "vulnerablePackages"));
    for (const auto* package : packages) {
      auto finding = shared;
      TEGATA_CHECK(read_package(*package, kInspectorNames, finding));
      findings.push_back(std::move(finding));
    }
  }
  if (findings.empty()) findings.push_back(std::move(shared));
  return findings;
}

namespace {

Status read_inspector_page(const json& answer, const Digest& image, ScanPage& page) {
  page.report.scanner = "Amazon Inspector";
  page.report.scanning = Scanning::Continuous;
  TEGATA_TRY(page.next, aws_token(answer, "nextToken"));
  if (member(answer, "findings") == nullptr) return Error::malformed("the answer has no findings");
  TEGATA_TRY(const auto findings, aws_list(answer, "findings"));
  for (const auto* form : findings) {
    if (!is_about_image(*form, "resources", "details", "awsEcrContainerImage", "imageHash", image)) continue;
    ++page.mentioned;
    TEGATA_TRY(auto read, read_inspector_finding(*form, "inspectorScore"));
    TEGATA_CHECK(add_findings(page, std::move(read)));
  }
  return done();
}

/// Of the image's resource: its id ends with `/sha256:…`.
bool covers_image(const json& resource, const Digest& image) {
  const auto id = string_member(resource, "resourceId");
  return id.ok() && *id && (*id)->ends_with("/" + image.text());
}

Status read_resource(const json& resource, ScanReport& report) {
  const auto* state = member(resource, "scanStatus");
  if (state == nullptr) return Error::malformed("the resource has no scanStatus");
  TEGATA_TRY(const auto code, aws_text(*state, "statusCode"));
  TEGATA_TRY(const auto reason, aws_text(*state, "reason"));
  TEGATA_TRY(report.scanned_at, aws_time(resource, "lastScannedAt"));
  for (const auto& known : kCoverage)
    if (known.reason == reason) {
      report.gap = {known.code, std::string(known.why)};
      return done();
    }
  if (reason == "SCAN_FREQUENCY_SCAN_ON_PUSH") {
    if (!report.scanned_at)
      report.gap = {Reason::ScanMissing, "the image is scanned on push only, and was not"};
    return done();
  }
  if (reason != "SUCCESSFUL")
    report.gap = {Reason::ScanUnavailable, "Amazon Inspector gives an unknown reason for its state"};
  else if (code == "ACTIVE")
    report.scanning = Scanning::Continuous;
  else
    report.gap = {Reason::ScanExpired, "the image is not scanned any more"};
  return done();
}

Status read_coverage_page(const json& answer, const Digest& image, ScanPage& page) {
  page.report.scanner = "Amazon Inspector";
  if (member(answer, "coveredResources") == nullptr)
    return Error::malformed("the answer has no coveredResources");
  TEGATA_TRY(const auto resources, aws_list(answer, "coveredResources"));
  for (const auto* resource : resources)
    if (covers_image(*resource, image)) return read_resource(*resource, page.report);
  page.report.gap = {Reason::ScanMissing, "Amazon Inspector does not scan this image"};
  return done();
}

}  // namespace

ScanPage read_inspector_findings(std::string_view body, const Digest& image) {
  return read_page(ScanSource::Inspector, body, [&](const json& answer, ScanPage& page) {
    return read_inspector_page(answer, image, page);
  });
}

ScanReport read_inspector_coverage(std::string_view body, const Digest& image) {
  return read_page(
             ScanSource::Inspector, body,
             [&](const json& answer, ScanPage& page) { return read_coverage_page(answer, image, page); })
      .report;
}

ScanReport inspector_report(ScanReport coverage, ScanReport findings) {
  if (coverage.gap) return coverage;
  if (findings.gap) return findings;
  coverage.findings = std::move(findings.findings);
  return coverage;
}

}  // namespace tegata::verifier
