// SPDX-License-Identifier: Apache-2.0
// Amazon ECR, DescribeImageScanFindings (API version 2015-09-21).
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/json/strict_json.h"
#include "verifier/scan/aws_members.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

struct EcrGap {
  std::string_view word;
  Reason reason;
  std::string_view why;
};

constexpr EcrGap kEcrStatuses[] = {
    {"IN_PROGRESS", Reason::ScanPending, "the scan is in progress"},
    {"PENDING", Reason::ScanPending, "the image waits to be scanned"},
    {"FAILED", Reason::ScanFailed, "the scan failed"},
    {"UNSUPPORTED_IMAGE", Reason::ScanUnsupported,
     "the operating system or package manager is not supported"},
    {"SCAN_ELIGIBILITY_EXPIRED", Reason::ScanExpired,
     "the image is not scanned any more: its time has expired"},
    {"FINDINGS_UNAVAILABLE", Reason::ScanUnavailable, "the findings are not available"},
    {"LIMIT_EXCEEDED", Reason::ScanUnavailable, "a limit of Amazon ECR is exceeded"},
    {"IMAGE_ARCHIVED", Reason::ImageArchived, "the image is archived"},
};

constexpr EcrGap kEcrErrors[] = {
    {"ScanNotFoundException", Reason::ScanMissing, "the image was never scanned"},
    {"ImageNotFoundException", Reason::ImageNotFound, "the registry has no such image"},
    {"RepositoryNotFoundException", Reason::ImageNotFound, "the registry has no such repository"},
    {"ThrottlingException", Reason::ScanUnavailable, "Amazon ECR throttles requests"},
    {"TooManyRequestsException", Reason::ScanUnavailable, "Amazon ECR throttles requests"},
    {"AccessDeniedException", Reason::ScanUnavailable,
     "the credentials do not allow ecr:DescribeImageScanFindings"},
};

/// `ns#Code` is Code.
std::string_view error_code_in(std::string_view type) { return type.substr(type.find('#') + 1); }

ScanGap gap_of_error(std::string_view type) {
  const auto code = error_code_in(type);
  for (const auto& known : kEcrErrors)
    if (known.word == code) return {known.reason, std::string(known.why)};
  return {Reason::ScanUnavailable, "Amazon ECR answered " + std::string(code.substr(0, 100))};
}

/// A score that basic scanning writes as text.
Result<std::optional<double>> score_in(const std::string& text) {
  double number = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !(number >= 0 && number <= 10))
    return Error::malformed("a CVSS score of the answer is not a number from 0 to 10");
  return std::optional(number);
}

Result<ScanFinding> basic_finding(const json& form) {
  if (!form.is_object()) return Error::malformed("a finding of the answer is not an object");
  ScanFinding finding;
  std::optional<double> old_score;
  TEGATA_TRY(finding.vulnerability, aws_text(form, "name"));
  if (finding.vulnerability.empty()) return Error::malformed("a finding of the answer has no name");
  TEGATA_TRY(const auto severity, aws_text(form, "severity"));
  finding.severity = severity_of(severity);
  TEGATA_TRY(const auto attributes, aws_list(form, "attributes"));
  for (const auto* attribute : attributes) {
    TEGATA_TRY(const auto key, aws_text(*attribute, "key"));
    if (key != "package_name" && key != "package_version" && !key.starts_with("CVSS")) continue;
    TEGATA_TRY(auto value, aws_text(*attribute, "value"));
    if (key == "package_name")
      finding.package = std::move(value);
    else if (key == "package_version")
      finding.installed = std::move(value);
    else if (key == "CVSS3_SCORE" || key == "CVSS4_SCORE") {
      TEGATA_TRY(const auto score, score_in(value));
      finding.score = std::max(finding.score, score);
    } else if (key == "CVSS2_SCORE") {
      TEGATA_TRY(old_score, score_in(value));
    }
  }
  if (!finding.score) finding.score = old_score;
  return finding;
}

Status read_ecr_findings(const json& scan, ScanPage& page) {
  TEGATA_TRY(page.report.scanned_at, aws_time(scan, "imageScanCompletedAt"));
  if (const auto* counts = member(scan, "findingSeverityCounts"); counts != nullptr && counts->is_object())
    for (const auto& count : *counts)
      if (count.is_number_unsigned()) page.counted += count.get<std::size_t>();
  TEGATA_TRY(const auto basic, aws_list(scan, "findings"));
  for (const auto* form : basic) {
    TEGATA_TRY(auto finding, basic_finding(*form));
    TEGATA_CHECK(add_findings(page, {std::move(finding)}));
  }
  TEGATA_TRY(const auto enhanced, aws_list(scan, "enhancedFindings"));
  for (const auto* form : enhanced) {
    TEGATA_TRY(auto findings, read_inspector_finding(*form, "score"));
    TEGATA_CHECK(add_findings(page, std::move(findings)));
  }
  page.mentioned = basic.size() + enhanced.size();
  return done();
}

Status read_ecr_answer(const json& answer, ScanPage& page) {
  page.report.scanner = "Amazon ECR";
  if (member(answer, "__type") != nullptr) {
    TEGATA_TRY(const auto type, aws_text(answer, "__type"));
    page.report.gap = gap_of_error(type);
    return done();
  }
  const auto* state = member(answer, "imageScanStatus");
  if (state == nullptr) return Error::malformed("the answer has no imageScanStatus");
  TEGATA_TRY(const auto status, aws_text(*state, "status"));
  if (status != "COMPLETE" && status != "ACTIVE") {
    page.report.gap = ScanGap{Reason::ScanUnavailable, "an unknown status of the scan"};
    for (const auto& known : kEcrStatuses)
      if (known.word == status) page.report.gap = ScanGap{known.reason, std::string(known.why)};
    return done();
  }
  page.report.scanning = status == "ACTIVE" ? Scanning::Continuous : Scanning::Once;
  const auto* scan = member(answer, "imageScanFindings");
  if (scan == nullptr || !scan->is_object())
    return Error::malformed("the scan is complete, but the answer has no imageScanFindings");
  TEGATA_TRY(page.next, aws_token(answer, "nextToken"));
  return read_ecr_findings(*scan, page);
}

Status check_ecr_image(const json& answer, const ScannedImage& image) {
  const auto* id = member(answer, "imageId");
  if (id == nullptr || !id->is_object())
    return Error::malformed("the answer does not say which image it is about");
  TEGATA_TRY(const auto account, aws_text(answer, "registryId"));
  TEGATA_TRY(const auto repository, aws_text(answer, "repositoryName"));
  TEGATA_TRY(const auto digest, aws_text(*id, "imageDigest"));
  if (account != image.account || repository != image.repository || digest != image.digest.text())
    return Error::malformed("the answer is about another image");
  return done();
}

}  // namespace

ScanPage read_ecr_scan(std::string_view body) { return read_page(ScanSource::Ecr, body, read_ecr_answer); }

ScanPage read_ecr_scan(std::string_view body, const ScannedImage& image) {
  return read_page(ScanSource::Ecr, body, [&](const json& answer, ScanPage& page) -> Status {
    TEGATA_CHECK(check_ecr_image(answer, image));
    return read_ecr_answer(answer, page);
  });
}

}  // namespace tegata::verifier
