// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "policy/model/result.h"
#include "policy/model/scan_report.h"

namespace tegata::verifier {

/// A report as records and `tegata scan -o json` write it:
///
///   {"source", "scanner", "scannedAt": RFC 3339 or null, "scanning": "once | continuous",
///    "status": "known | missing | unknown",
///    "reason": code or null, "why": text or null, "counts": {SEVERITY: number, only those above 0},
///    "findings": [{"vulnerability", "aliases", "package", "installed", "fixed", "fix": "yes | no | unknown",
///                  "severity", "score": number or null, "epss": number or null, "exploit",
///                  "firstObserved": RFC 3339 or null, "suppressedBy": text or null}]}
[[nodiscard]] nlohmann::json scan_report_json(const ScanReport& report);
/// The same without the findings.
[[nodiscard]] nlohmann::json scan_summary_json(const ScanReport& report);

/// Reads the output of scan_report_json(); else Malformed.
[[nodiscard]] Result<ScanReport> read_scan_report(const nlohmann::json& form);

}  // namespace tegata::verifier
