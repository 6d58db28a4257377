// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verifier/sigstore/proof/prove_time.h"

namespace tegata::testing {

/// One signature of a recorded case (tests/testdata/sigstore/cases), with what it says of logs.
struct LoggedCase {
  std::vector<verifier::OrRejection<verifier::LogEntry>> read;  ///< as they came
  std::vector<verifier::LogEntry> entries;                      ///< those that could be read
  std::string signature;
  std::string message;
  std::string certificate;  ///< DER; empty: signed with the key of the case's first check
  std::string public_key;
  std::string key_algorithm;
  std::optional<std::string> payload;   ///< of DSSE
  std::optional<std::string> envelope;  ///< of an `.att` layer

  [[nodiscard]] verifier::LoggedSignature signed_by() const;
};

/// Its bundles with an envelope, then its annotated layers; in the order of their blobs' digests.
[[nodiscard]] std::vector<LoggedCase> logged_cases(const std::string& name);
/// The only one.
[[nodiscard]] LoggedCase logged_case(const std::string& name);

/// The two logs of tests/testdata/sigstore/mock/trusted_root.json.
[[nodiscard]] verifier::TrustedRoot mock_root();
/// `logged`, or the name of the first reason for which it is not.
[[nodiscard]] std::string verdict_of(const LoggedCase& one, const verifier::TrustedRoot& root);

}  // namespace tegata::testing
