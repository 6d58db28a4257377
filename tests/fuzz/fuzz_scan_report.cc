// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "policy/model/limits.h"
#include "policy/rules/scan_findings.h"
#include "policy/rules/scanner_report.h"
#include "verifier/evidence/facts/scan_json.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/candidate/signed_payload.h"

namespace {

using namespace tegata;
using namespace tegata::policy;

const Time kNow{std::chrono::seconds(1'795'000'000)};

void demand(bool holds) {
  if (!holds) std::abort();
}

VulnerabilityCriteria everything() {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::Informational;
  return criteria;
}

/// Bounds, and that every finding is judged: united or not, none that is rated or unrated is lost.
void examine(const ScanReport& report) {
  demand(report.findings.size() <= limits::kScanFindings);
  for (const auto& finding : report.findings) {
    demand(!finding.vulnerability.empty() && finding.vulnerability.size() <= limits::kScanText);
    demand(finding.aliases.size() <= limits::kScanAliases);
    demand(!finding.score || (*finding.score >= 0 && *finding.score <= 10));
    demand(!finding.epss || (*finding.epss >= 0 && *finding.epss <= 1));
    demand(counts(everything(), finding, kNow));
  }
  const auto shared = std::make_shared<const ScanReport>(report);
  const auto all = united({shared});
  demand(all.size() <= report.findings.size() && all.empty() == report.findings.empty());
  demand(united({shared, shared}).size() == all.size());
  const auto found = counted(everything(), {shared}, {}, kNow);
  demand(found.size() == all.size());
  demand(!found_vulnerabilities(found).empty());
  demand(weight_of(report) >= report.findings.size() * sizeof(ScanFinding));
}

/// A report is recorded and read back as it was, but for texts that are not UTF-8, which strict JSON has not.
void record(const ScanReport& report) {
  const auto again = verifier::read_scan_report(verifier::scan_report_json(report));
  demand(again.ok());
  demand(*again == report);
}

}  // namespace

// A scanner's report, or a predicate that holds one, or a recorded report: all readers of one text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto json = verifier::parse_strict_json(text);
  if (!json.ok()) return 0;
  const auto value = verifier::to_value(*json);
  if (const auto read = read_scanner_report(value); read.ok()) {
    examine(read->report);
    record(read->report);
  }
  const auto attested = read_vulnerability_predicate(value);
  demand(!attested.gap || attested.findings.empty());
  if (!attested.gap) examine(attested);
  record(attested);
  if (const auto recorded = verifier::read_scan_report(*json); recorded.ok()) record(*recorded);
  return 0;
}
