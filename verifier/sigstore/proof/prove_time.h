// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/proof/log_entry_body.h"
#include "verifier/sigstore/proof/prove_signer.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// The proof of the log entries of one candidate.
struct LogProof {
  std::vector<Time> integrated_times;  ///< of verified SETs only; each within its log's window
  /// The validity windows of the logs whose entries do not prove a time (Rekor v2; v1 with only an inclusion
  /// proof). Times proven otherwise must be within all of them.
  std::vector<ValidFor> log_windows;
  /// Distinct logs that hold the signature, by origin, or by key id in hex if the root has no origin;
  /// never empty. Several entries, keys or shards of one origin are one log.
  std::vector<std::string> logs;
};

/// Verifies every entry of a log in `root`, at most limits::kBundleLogEntries. The entry is about this
/// signature, and its SET and its inclusion proof with checkpoint, whichever are present, are valid. v1 needs
/// one of them (a v0.1 bundle's proof may lack the checkpoint beside a SET; then the SET alone counts), v2
/// the proof. An invalid entry of a known log rejects the candidate; entries of unknown logs are skipped; the
/// same entry twice rejects. LogEntryMissing: no entry is left. Otherwise LogEntryMalformed, LogEntryOfOther,
/// LogEntryUntrusted, InclusionProofInvalid, CheckpointInvalid, TooLarge.
[[nodiscard]] OrRejection<LogProof> verify_log_entries(std::span<const LogEntry> entries,
                                                       const LoggedSignature& signature,
                                                       const TrustedRoot& root);

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
