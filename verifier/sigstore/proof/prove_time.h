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

/// Who is said to have made a signature that was found good, for the comparison with log entries. Views
/// must outlive it.
struct Claimant {
  std::string_view signature;
  std::string certificate_der;  ///< empty: a bare key
  std::string public_key_der;
  std::string_view algorithm;
};

/// What is proven about when and where.
struct Proof {
  std::vector<Time> times;
  std::vector<std::string> logs;
  std::vector<ValidFor> log_windows;  ///< of logs that date nothing themselves (Rekor v2)
};

/// The stages of log entries and timestamps (reference/sigstore.md, D.5 and D.6), each as far as it is
/// asked; `root` may be null where nothing is asked that needs one, else that is a logic_error.
[[nodiscard]] OrRejection<Proof> prove_time(const SignedContent& content, const Claimant& claimant,
                                            const ProofSettings& asked, const TrustedRoot* root);

/// The times of those timestamps over `message` that an authority of `root` made while it was valid,
/// one an authority (several by one count once). Untrusted ones and garbage are skipped. Empty: none is
/// good. TooLarge: more than limits::kBundleTimestamps.
[[nodiscard]] OrRejection<std::vector<Time>> verified_timestamps(std::span<const std::string> timestamps,
                                                                 std::string_view message,
                                                                 const TrustedRoot& root);

}  // namespace tegata::verifier
