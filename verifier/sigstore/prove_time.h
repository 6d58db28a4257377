// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verifier/sigstore/prove_signer.h"

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

}  // namespace tegata::verifier
