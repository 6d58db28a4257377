// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/sigstore/proof/prove_signer.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// The signer of a verified signature, for the comparison with log entries. A view: the data must outlive
/// it.
struct Claimant {
  std::string_view signature;
  std::string certificate_der;  ///< empty: a bare key
  std::string public_key_der;
  std::string_view algorithm;
};

/// The proven times and logs.
struct Proof {
  std::vector<Time> times;
  std::vector<std::string> logs;
  std::vector<ValidFor> log_windows;  ///< of logs without signed times (Rekor v2)
};

/// The stages of log entries and timestamps (docs/verification.md), each as far as it is required. `root` may
/// be null if nothing that is required needs it; otherwise that is a logic_error.
[[nodiscard]] OrRejection<Proof> prove_time(const SignedContent& content, const Claimant& claimant,
                                            const ProofSettings& asked, const TrustedRoot* root);

/// The times of the timestamps over `message` that an authority of `root` made while it was valid, one for
/// each authority. Untrusted and malformed timestamps are skipped. Empty: none is valid. TooLarge: more than
/// limits::kBundleTimestamps.
[[nodiscard]] OrRejection<std::vector<Time>> verified_timestamps(std::span<const std::string> timestamps,
                                                                 std::string_view message,
                                                                 const TrustedRoot& root);

}  // namespace tegata::verifier
