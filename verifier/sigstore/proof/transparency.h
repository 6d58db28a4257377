// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/crypto/public_key.h"
#include "verifier/sigstore/candidate/log_entry.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// The signature that a log entry must be about; every member is compared (log_entry_body.h). A view: the
/// data must outlive it.
struct LoggedSignature {
  std::string_view signature;  ///< raw bytes; for DSSE the one of the envelope
  SignedMessage message;       ///< what was signed; for DSSE the pre-authentication encoding
  /// Who signed: the leaf in DER, or the SubjectPublicKeyInfo of the policy's key.
  std::string_view certificate_der;               ///< empty: a bare key
  std::string_view public_key_der;                ///< always; of the leaf where there is one
  std::string_view key_algorithm;                 ///< PublicKey::algorithm()
  std::optional<std::string_view> dsse_payload;   ///< decoded; none: not DSSE
  std::optional<std::string_view> dsse_envelope;  ///< the blob of an `.att` layer, as it was fetched
};

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

}  // namespace tegata::verifier
