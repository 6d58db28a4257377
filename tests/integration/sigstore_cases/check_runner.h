// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/integration/sigstore_cases/recorded_case.h"
#include "verifier/oci/content_source.h"

namespace tegata::testing {

/// Where one case is read from, and under which name.
struct CaseSource {
  verifier::ContentSource& source;
  Repository repository;
};

/// `verified`, `rejected`, or `unknown` with the cause; and the verifier's words.
struct CheckResult {
  std::string got;
  std::string detail;
};

/// Runs one check the way `tegata verify` does: its options, its discovery, its verdict; at a fixed time
/// on the day of the recording.
[[nodiscard]] CheckResult run_check(const RecordedCheck& check, const CaseSource& where);

}  // namespace tegata::testing
