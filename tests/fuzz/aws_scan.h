// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/scan/aws_scans.h"

/// What every page of every service must hold.
namespace tegata::fuzz {

inline void demand(bool holds) {
  if (!holds) std::abort();
}

inline Digest image() {
  return *Digest::parse("sha256:745477a886a72216c6f34a2d1a74f565b2f0c8443cd2651d0f50d2ba33bf64e7");
}

inline void examine(const verifier::ScanPage& page) {
  const auto& report = page.report;
  demand(report.findings.size() <= limits::kScanFindings);
  if (report.gap) {
    demand(report.findings.empty() && !report.gap->why.empty());
    demand(finding_kind_of(report.gap->reason) != FindingKind::Violates);
  }
  for (const auto& finding : report.findings) {
    demand(!finding.vulnerability.empty() && finding.vulnerability.size() <= limits::kScanText);
    demand(finding.aliases.size() <= limits::kScanAliases);
    demand(!finding.score || (*finding.score >= 0 && *finding.score <= 10));
    demand(!finding.epss || (*finding.epss >= 0 && *finding.epss <= 1));
  }
}

/// A gap, or all findings of all pages; and never known where a page is missing.
inline void examine_pages(std::vector<verifier::ScanPage> pages) {
  std::size_t findings = 0;
  for (const auto& page : pages) findings += page.report.findings.size();
  const bool more = !pages.back().next.empty();
  const auto all = verifier::united_pages(std::move(pages));
  demand(all.gap || (!more && all.findings.size() == findings));
}

}  // namespace tegata::fuzz
