// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "policy/model/signature_facts.h"
#include "policy/rules/scan_findings.h"

namespace tegata::policy {

/// The reports in the attestations that a source's rule accepts: of each of its authorities and of each
/// scanner the newest that counts. Where they do not satisfy that rule, why not.
///
/// With a `grace`, a finding is first observed by the first of these attestations, old ones too, that has it.
[[nodiscard]] std::variant<ScanReports, ScanGap> attested_reports(const AttestedScans& scans,
                                                                  const VulnerabilityCriteria& criteria,
                                                                  const Digest& image,
                                                                  const SignatureFacts& facts, Time now);

/// An attestation that is too large to be read, or that is listed and absent: it may be the newest scan.
/// Null: there is none.
[[nodiscard]] const Rejection* maybe_newer(const AttestedScans& scans, const SignatureFacts& facts);

}  // namespace tegata::policy
