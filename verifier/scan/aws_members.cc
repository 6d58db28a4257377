// SPDX-License-Identifier: Apache-2.0
#include "verifier/scan/aws_members.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "policy/model/rfc3339.h"
#include "verifier/json/large_document.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

Error unlike_aws(std::string_view name, const char* expected) {
  return Error::malformed("the answer's " + std::string(name) + " is not " + expected);
}

Result<std::string> bounded_text(const json& object, std::string_view name, std::size_t most) {
  const auto* value = member(object, name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return unlike_aws(name, "a text");
  const auto& text = value->get_ref<const std::string&>();
  if (text.size() > most)
    return Error{ErrorCode::LimitExceeded, "a text of the answer has more than " + std::to_string(most) +
                                               " bytes: " + std::string(name)};
  return text;
}

}  // namespace

Result<std::string> aws_text(const json& object, std::string_view name) {
  return bounded_text(object, name, limits::kScanText);
}

Result<std::string> aws_token(const json& object, std::string_view name) {
  return bounded_text(object, name, limits::kScanToken);
}

Result<std::vector<const json*>> aws_list(const json& object, std::string_view name) {
  std::vector<const json*> elements;
  const auto* list = member(object, name);
  if (list == nullptr) return elements;
  if (!list->is_array()) return unlike_aws(name, "a list");
  for (const auto& element : *list) elements.push_back(&element);
  return elements;
}

Result<std::optional<double>> aws_number(const json& object, std::string_view name, double most) {
  const auto* value = member(object, name);
  if (value == nullptr) return std::optional<double>();
  const double number = value->is_number() ? value->get<double>() : -1;
  if (!(number >= 0 && number <= most)) return unlike_aws(name, "a number in its range");
  return std::optional(number);
}

Result<std::optional<Time>> aws_time(const json& object, std::string_view name) {
  const auto* value = member(object, name);
  if (value == nullptr) return std::optional<Time>();
  if (value->is_string()) {
    const auto time = read_rfc3339(value->get_ref<const std::string&>(), TimeForm::Lenient);
    if (!time) return unlike_aws(name, "a time");
    return time;
  }
  constexpr double kYear9999 = 253'402'300'799;
  const double seconds = value->is_number() ? value->get<double>() : -1;
  if (!(seconds >= 0 && seconds <= kYear9999)) return unlike_aws(name, "a time");
  return std::optional(
      Time{std::chrono::milliseconds(static_cast<std::int64_t>(std::floor(seconds * 1000)))});
}

Result<Availability> aws_availability(const json& object, std::string_view name) {
  TEGATA_TRY(const auto word, aws_text(object, name));
  if (word == "YES" || word == "PARTIAL") return Availability::Yes;
  return word == "NO" ? Availability::No : Availability::Unknown;
}

Status read_package(const json& package, const PackageNames& names, ScanFinding& finding) {
  if (!package.is_object()) return unlike_aws("package", "an object");
  TEGATA_TRY(finding.package, aws_text(package, names.name));
  TEGATA_TRY(finding.installed, aws_text(package, names.version));
  TEGATA_TRY(const auto release, aws_text(package, names.release));
  if (!release.empty()) finding.installed += "-" + release;
  const auto* epoch = member(package, names.epoch);
  if (epoch != nullptr && epoch->is_number_integer() && epoch->get<std::int64_t>() != 0)
    finding.installed.insert(0, std::to_string(epoch->get<std::int64_t>()) + ":");
  TEGATA_TRY(finding.fixed, aws_text(package, names.fixed));
  // Inspector writes this where there is no fix.
  if (finding.fixed == "NotAvailable") finding.fixed.clear();
  return done();
}

bool is_about_image(const json& finding, const char* resources, const char* details, const char* container,
                    const char* hash, const Digest& image) {
  const auto* list = member(finding, resources);
  if (list == nullptr || !list->is_array()) return true;
  bool names_another = false;
  for (const auto& resource : *list) {
    const auto* detail = member(resource, details);
    const auto* found = detail == nullptr ? nullptr : member(*detail, container);
    const auto digest = found == nullptr ? Result<std::optional<std::string>>(std::optional<std::string>())
                                         : string_member(*found, hash);
    if (!digest.ok() || !*digest) continue;
    if (**digest == image.text()) return true;
    names_another = true;
  }
  return !names_another;
}

ScanPage page_with_gap(ScanSource source, Reason reason, std::string why) {
  ScanPage page;
  page.report.source = source;
  page.report.gap = {reason, std::move(why)};
  return page;
}

ScanPage read_page(ScanSource source, std::string_view body,
                   const std::function<Status(const json& answer, ScanPage& page)>& read) {
  const LargeDocument large(body.size());
  const auto answer = parse_strict_json(body);
  if (!answer.ok()) return page_with_gap(source, Reason::ScanUnavailable, answer.error().message);
  if (!answer->is_object())
    return page_with_gap(source, Reason::ScanUnavailable, "the answer is not an object");
  ScanPage page;
  page.report.source = source;
  const auto status = read(*answer, page);
  if (!status.ok()) return page_with_gap(source, Reason::ScanUnavailable, status.error().message);
  return page;
}

Status add_findings(ScanPage& page, std::vector<ScanFinding> findings) {
  for (auto& finding : findings) {
    if (page.report.findings.size() == limits::kScanFindings)
      return Error{ErrorCode::LimitExceeded,
                   "the answer has more than " + std::to_string(limits::kScanFindings) + " vulnerabilities"};
    page.report.findings.push_back(std::move(finding));
  }
  return done();
}

ScanReport united_images(std::vector<ScanReport> images) {
  for (auto& image : images)
    if (image.gap) return std::move(image);
  if (images.empty())
    return page_with_gap(ScanSource::Ecr, Reason::ScanMissing, "no image was scanned").report;
  auto all = std::move(images.front());
  for (std::size_t i = 1; i < images.size(); ++i) {
    auto& image = images[i];
    if (image.scanning == Scanning::Once) all.scanning = Scanning::Once;
    // No date is older than any: an optional without a value is the smallest.
    all.scanned_at = std::min(all.scanned_at, image.scanned_at);
    std::move(image.findings.begin(), image.findings.end(), std::back_inserter(all.findings));
  }
  if (all.findings.size() > limits::kScanFindings)
    return page_with_gap(all.source, Reason::ScanUnavailable,
                         "the images of the index have more than " + std::to_string(limits::kScanFindings) +
                             " vulnerabilities")
        .report;
  return all;
}

ScanReport united_pages(std::vector<ScanPage> pages) {
  ScanReport all;
  std::size_t counted = 0;
  std::size_t mentioned = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    auto& page = pages[i].report;
    if (page.gap) return std::move(page);
    counted = std::max(counted, pages[i].counted);
    mentioned += pages[i].mentioned;
    if (i == 0) {
      all = std::move(page);
      continue;
    }
    all.scanned_at = std::max(all.scanned_at, page.scanned_at);
    for (auto& finding : page.findings) all.findings.push_back(std::move(finding));
  }
  if (pages.empty() || !pages.back().next.empty())
    return page_with_gap(all.source, Reason::ScanUnavailable, "not all pages of the findings were read")
        .report;
  if (all.findings.size() > limits::kScanFindings)
    return page_with_gap(all.source, Reason::ScanUnavailable,
                         "there are more than " + std::to_string(limits::kScanFindings) + " vulnerabilities")
        .report;
  if (counted > 0 && mentioned == 0)
    return page_with_gap(all.source, Reason::ScanUnavailable,
                         "the answer counts " + std::to_string(counted) + " findings and lists none")
        .report;
  return all;
}

}  // namespace tegata::verifier
