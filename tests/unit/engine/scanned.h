// SPDX-License-Identifier: Apache-2.0
// Scans of a sample image, and what the rule `vulnerabilities` says of them.
#pragma once

#include "policy/model/scan_facts.h"
#include "policy/rules/attested_scans.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy::scanned {

using namespace sample;
using namespace std::chrono_literals;
using tegata::testing::digest_of;
using tegata::testing::known_image;
using tegata::testing::SignatureForger;
using Require = VulnerabilitiesCheck::Require;

inline const Digest kImage = digest_of(0x11);

inline ScanFinding finding(const std::string& id, Severity severity = Severity::High) {
  return {.vulnerability = id, .package = "openssl", .installed = "1", .severity = severity};
}
inline ScanReport scan(std::vector<ScanFinding> findings, Time at = kNow - 1h,
                       const std::string& scanner = "Trivy 1") {
  ScanReport report;
  report.scanner = scanner;
  report.scanned_at = at;
  report.findings = std::move(findings);
  return report;
}

inline VerifiedSignature attested(std::uint8_t key, ScanReport report,
                                  std::optional<std::string> mismatch = {}) {
  PredicateReading reading;
  reading.mismatch = std::move(mismatch);
  reading.scan = std::make_shared<const ScanReport>(std::move(report));
  return SignatureForger::forge_by({.image = kImage,
                                    .authority = digest_of(key),
                                    .signer = digest_of(key).text(),
                                    .found_in = digest_of(0xfe),
                                    .predicate_type = kVulnerabilities,
                                    .predicate = std::move(reading)});
}
inline AuthorityFacts by(std::uint8_t key, std::vector<VerifiedSignature> attestations) {
  return {digest_of(key), std::move(attestations), {}};
}

inline AttestedScans source(const std::string& rule, const std::vector<std::uint8_t>& keys) {
  return {rule, attested_by(keys)};
}
inline VulnerabilitiesCheck high(std::vector<AttestedScans> sources, Require require = Require::All) {
  VulnerabilitiesCheck check;
  check.criteria.fail_at = Severity::High;
  check.sources = std::move(sources);
  check.require = require;
  return check;
}

inline GatheredFacts gathered(SignatureFacts facts) {
  return {{known_image(reference(pinned_image()), std::move(facts))}};
}
inline Verdict judged(const VulnerabilitiesCheck& check, const GatheredFacts& facts, Time now = kNow,
                      std::vector<Exemption> exemptions = {}) {
  auto owner = policy({rule("holes", check)});
  owner.exemptions = std::move(exemptions);
  auto how = options();
  how.now = now;
  return judge(set(std::vector{owner}), request({pinned_image()}), facts, how);
}
inline std::vector<std::string> reasons(const VulnerabilitiesCheck& check, SignatureFacts facts,
                                        Time now = kNow) {
  return reasons_of(judged(check, gathered(std::move(facts)), now));
}

}  // namespace tegata::policy::scanned
