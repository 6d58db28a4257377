// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/model/scan_report.h"
#include "policy/rules/checks.h"
#include "policy/rules/rules.h"

/// What the findings of scans mean to a rule, whatever their source.
namespace tegata::policy {

/// Shared, because a report may be as large as a cache entry.
using ScanReports = std::vector<std::shared_ptr<const ScanReport>>;

/// The findings of several reports, each vulnerability of a package once: under its CVE where it has exactly
/// one. Of what sources say differently counts the worst: the highest severity and score, that there is a fix
/// or an exploit, the earliest observation; suppressed is what all have suppressed. Of all, or only those
/// that are `wanted` in one of the reports at least.
[[nodiscard]] std::vector<ScanFinding> united(const ScanReports& reports,
                                              const std::function<bool(const ScanFinding&)>& wanted = {});

/// Whether a finding counts. Without a score it has the highest of its severity (CVSS v3.1, section 5).
[[nodiscard]] bool counts(const VulnerabilityCriteria& criteria, const ScanFinding& finding, Time now);

/// Whether an exemption names the finding: its id, or every CVE that it is.
[[nodiscard]] bool names(const ScopedExemption& exemption, const ScanFinding& finding);

/// The united findings that count and that no exemption names, the worst first.
[[nodiscard]] std::vector<ScanFinding> counted(const VulnerabilityCriteria& criteria,
                                               const ScanReports& reports,
                                               std::span<const ScopedExemption> exemptions, Time now);

/// Orders findings by severity, score, then ids: the worst first.
[[nodiscard]] bool is_worse(const ScanFinding& a, const ScanFinding& b);

/// One name for a vulnerability of a package, whichever of its ids a report uses.
[[nodiscard]] std::pair<std::string_view, std::string_view> identity_of(const ScanFinding& finding);

/// Why a report does not count now: its own gap, its age, or a date in the future. None: it counts.
[[nodiscard]] std::optional<ScanGap> gap_of(const VulnerabilityCriteria& criteria, const ScanReport& report,
                                            Time now);

/// `no vulnerability of severity HIGH or above with a fix, in a scan that is at most 72h old`.
[[nodiscard]] std::string expected_scan(const VulnerabilityCriteria& criteria);

/// `2 vulnerabilities: CVE-2026-1234 (CRITICAL, 9.8) in openssl 3.0.9-1, fixed in 3.0.9-2; …`: the worst
/// limits::kToldVulnerabilities, and how many more.
[[nodiscard]] std::string found_vulnerabilities(const std::vector<ScanFinding>& counted);

/// `72h`, `90m`, `45s`: in the largest unit that is exact.
[[nodiscard]] std::string duration_text(std::chrono::milliseconds duration);

}  // namespace tegata::policy
