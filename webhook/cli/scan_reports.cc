// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/scan_reports.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "policy/rules/scan_findings.h"
#include "policy/rules/scanner_report.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/signed_payload.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook::cli {
namespace {

Error refused_report(const std::string& file, const std::string& why) {
  return {ErrorCode::Misconfigured, "--scan-report " + file + ": " + why};
}

Result<GivenReport> read_report(const std::string& file) {
  auto text = read_file(file, limits::kScanReport, verifier::Pipes::Read);
  if (!text.ok()) return Error{ErrorCode::Misconfigured, "--scan-report " + text.error().message};
  const auto document = verifier::parse_strict_json(*text);
  if (!document.ok()) return refused_report(file, document.error().message);
  auto read = policy::read_scanner_report(verifier::to_value(*document));
  if (!read.ok()) return refused_report(file, read.error().message);
  if (read->digests.empty())
    return refused_report(file,
                          "the report names no digest of an image (RepoDigests of Trivy, repoDigests or "
                          "manifestDigest of Grype): scan the image in its registry, by HOST/PATH@DIGEST");
  read->report.source = ScanSource::File;
  return GivenReport{file, std::make_shared<const ScanReport>(std::move(read->report)),
                     std::move(read->digests)};
}

std::shared_ptr<const ScanReport> both_reports(const std::shared_ptr<const ScanReport>& a,
                                               const std::shared_ptr<const ScanReport>& b) {
  ScanReport both;
  both.source = ScanSource::File;
  both.scanner = a->scanner + ", " + b->scanner;
  // An undated report is older than every date.
  both.scanned_at = std::min(a->scanned_at, b->scanned_at);
  both.findings = policy::united({a, b});
  return std::make_shared<const ScanReport>(std::move(both));
}

}  // namespace

Result<std::vector<GivenReport>> read_scan_reports(const std::vector<std::string>& files) {
  if (files.size() > limits::kScanReports)
    return Error{ErrorCode::Misconfigured, "--scan-report is given " + std::to_string(files.size()) +
                                               " times; at most " + std::to_string(limits::kScanReports) +
                                               " are allowed"};
  std::vector<GivenReport> reports;
  for (const auto& file : files) {
    TEGATA_TRY(auto read, read_report(file));
    reports.push_back(std::move(read));
  }
  return reports;
}

std::map<Digest, std::shared_ptr<const ScanReport>> reports_by_digest(
    const std::vector<GivenReport>& reports) {
  std::map<Digest, std::shared_ptr<const ScanReport>> all;
  for (const auto& given : reports)
    for (const auto& digest : given.digests) {
      const auto [known, is_new] = all.emplace(digest, given.report);
      if (!is_new) known->second = both_reports(known->second, given.report);
    }
  return all;
}

namespace {

/// The first few of them.
std::string listed_digests(const std::vector<Digest>& digests) {
  constexpr std::size_t kMostShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(digests.size(), kMostShown); ++i)
    text += (i == 0 ? "" : ", ") + digests[i].text();
  if (digests.size() > kMostShown) text += " and " + std::to_string(digests.size() - kMostShown) + " more";
  return text;
}

}  // namespace

Status check_reports(const std::vector<GivenReport>& reports, const std::vector<Digest>& images) {
  for (const auto& given : reports) {
    const bool about_one = std::any_of(given.digests.begin(), given.digests.end(), [&](const Digest& digest) {
      return std::find(images.begin(), images.end(), digest) != images.end();
    });
    if (!about_one)
      return refused_report(given.file, "the report is about " + given.digests.front().text() +
                                            ", which is not the digest of an image that was given: " +
                                            (images.empty() ? "there was none" : listed_digests(images)));
  }
  return done();
}

}  // namespace tegata::webhook::cli
