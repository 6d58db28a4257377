// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/scan_report.h"

/// What AWS answers about the scans of one image, read as ScanReports. Pure: bytes in, a report out. What
/// cannot be read, or is not described here, is a gap (ScanUnavailable), never a clean report.
namespace tegata::verifier {

/// One page of an answer.
struct ScanPage {
  ScanReport report;
  std::string next = {};    ///< the token of the next page; empty: this was the last
  std::size_t counted = 0;  ///< vulnerabilities that the answer counts, listed or not
  std::size_t mentioned =
      0;  ///< findings about the image, those too that are closed and no part of the report
};

/// The image that an answer must be about.
struct ScannedImage {
  std::string account;     ///< of the registry, 12 digits
  std::string repository;  ///< its path
  Digest digest;
};

/// Amazon ECR, DescribeImageScanFindings (JSON 1.1), basic and enhanced: the body of a 200 or of an error,
/// which has `__type`. Statuses and what becomes of them:
///
///   known    COMPLETE (scanned at imageScanCompletedAt); ACTIVE (continuous)
///   missing  ScanNotFoundException: ScanMissing; UNSUPPORTED_IMAGE: ScanUnsupported;
///            SCAN_ELIGIBILITY_EXPIRED: ScanExpired; IMAGE_ARCHIVED: ImageArchived;
///            ImageNotFoundException, RepositoryNotFoundException: ImageNotFound
///   unknown  PENDING, IN_PROGRESS: ScanPending; FAILED: ScanFailed; FINDINGS_UNAVAILABLE, LIMIT_EXCEEDED,
///            throttled and other errors, other statuses: ScanUnavailable
[[nodiscard]] ScanPage read_ecr_scan(std::string_view body);
/// The same of a 200, where registryId, repositoryName and imageId.imageDigest are those of `image`; else
/// ScanUnavailable.
[[nodiscard]] ScanPage read_ecr_scan(std::string_view body, const ScannedImage& image);

/// Amazon Inspector, ListCoverage filtered by the image: whether it is scanned at all, without findings. An
/// answer without resources is ScanMissing. The reasons of CoveredResource.scanStatus and what becomes of
/// them are the table in inspector_scan.cc.
[[nodiscard]] ScanReport read_inspector_coverage(std::string_view body, const Digest& image);

/// Amazon Inspector, ListFindings filtered by the image. Findings that are CLOSED, or name another image
/// only, are left out; SUPPRESSED ones are suppressed. Says nothing about whether the image is scanned.
[[nodiscard]] ScanPage read_inspector_findings(std::string_view body, const Digest& image);

/// AWS Security Hub, GetFindings (ASFF) filtered by the image. Findings whose RecordState is ARCHIVED, or
/// that name another image only or no vulnerability, are left out; those whose Workflow.Status is SUPPRESSED
/// or RESOLVED are suppressed.
[[nodiscard]] ScanPage read_security_hub_findings(std::string_view body, const Digest& image);

/// All pages as one report: the first gap, else all findings. ScanUnavailable where an answer counts findings
/// and lists none, or above limits::kScanFindings.
[[nodiscard]] ScanReport united_pages(std::vector<ScanPage> pages);

/// The scans of all images of an index as one: the first gap, else all findings. As old as the oldest, and
/// continuous if all are. ScanMissing of none; ScanUnavailable above limits::kScanFindings.
[[nodiscard]] ScanReport united_images(std::vector<ScanReport> images);

/// What coverage and findings say together: the gap of the coverage, else that of the findings, else both.
[[nodiscard]] ScanReport inspector_report(ScanReport coverage, ScanReport findings);

/// Security Hub does not say whether an image was scanned: without any finding about it, closed ones too, the
/// scan is missing.
[[nodiscard]] ScanReport security_hub_report(std::vector<ScanPage> pages);

}  // namespace tegata::verifier
