// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/model/digest.h"
#include "policy/model/predicate.h"
#include "policy/model/result.h"
#include "policy/model/scan_report.h"

/// What scanners write, read as a ScanReport: strictly, since what is skipped would look clean.
namespace tegata::policy {

/// The predicateType of cosign's vulnerability attestations (specs/COSIGN_VULN_ATTESTATION_SPEC.md).
inline constexpr const char* kVulnerabilityPredicate = "https://cosign.sigstore.dev/attestation/vuln/v1";

/// A report without a source yet, and the digests of manifests that it says it is about.
struct ScannerReport {
  ScanReport report;
  std::vector<Digest> digests;
};

/// The JSON report of Trivy (`trivy image --format json`, SchemaVersion 2) or of Grype (`grype -o json`)
/// about a container image. Malformed: another document, or a member of another type than the scanner writes.
/// LimitExceeded: above limits::kScanFindings, kScanText or kScanAliases.
[[nodiscard]] Result<ScannerReport> read_scanner_report(const Value& document);

/// The report in a predicate of type kVulnerabilityPredicate, and when that scan finished
/// (`metadata.scanFinishedOn`). A predicate that cannot be read is a report with a gap: ScanUnavailable.
[[nodiscard]] ScanReport read_vulnerability_predicate(const Value& predicate);

}  // namespace tegata::policy
