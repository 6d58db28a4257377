// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/result.h"
#include "policy/model/scan_report.h"

namespace tegata::webhook::cli {

/// A scanner's report that was given by file. It is taken as it is: no one has signed it.
struct GivenReport {
  std::string file;
  std::shared_ptr<const ScanReport> report;  ///< never null
  std::vector<Digest> digests;               ///< that it is about; at least one
};

/// Reads reports of Trivy or Grype. Misconfigured: too many files; one that cannot be read, is not such a
/// report, or names no digest of an image. The message is a sentence that names the file.
[[nodiscard]] Result<std::vector<GivenReport>> read_scan_reports(const std::vector<std::string>& files);

/// All reports about each digest as one: the worst of what they say, and the older of their dates.
[[nodiscard]] std::map<Digest, std::shared_ptr<const ScanReport>> reports_by_digest(
    const std::vector<GivenReport>& reports);

/// Misconfigured where a report is about none of these digests.
[[nodiscard]] Status check_reports(const std::vector<GivenReport>& reports,
                                   const std::vector<Digest>& images);

}  // namespace tegata::webhook::cli
