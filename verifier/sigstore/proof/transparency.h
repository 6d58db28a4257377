// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/crypto/signed_message.h"
#include "verifier/sigstore/candidate/log_entry.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// The signature that a log entry must be about; every member is compared (reference/sigstore.md,
/// D.5.2 and D.5.5). Views: what they look at must outlive it.
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

/// What the entries of one candidate prove.
struct LogProof {
  std::vector<Time> integrated_times;  ///< of verified SETs only; each within its log's window
  /// When the keys of those logs were in use whose entries prove no time (Rekor v2; v1 by its inclusion
  /// proof alone). Times that something else proves are to lie in every one of them.
  std::vector<ValidFor> log_windows;
  /// Distinct logs that hold the signature, by origin, or by key id in hex where the root knows none;
  /// never empty. Several entries, keys or shards of one origin are one log.
  std::vector<std::string> logs;
};

/// Verifies every entry of a log that `root` knows, at most limits::kBundleLogEntries: it is about this
/// very signature, and what it brings of SET and inclusion proof with checkpoint holds, both where both are
/// there. v1 needs one of them (a v0.1 bundle's proof may lack the checkpoint beside a SET; then the SET
/// alone counts), v2 the proof. An entry of a known log that does not hold rejects the candidate; entries of
/// unknown logs are skipped; the same entry twice rejects. LogEntryMissing: none is left. Otherwise
/// LogEntryMalformed, LogEntryOfOther, LogEntryUntrusted, InclusionProofInvalid, CheckpointInvalid, TooLarge.
[[nodiscard]] OrRejection<LogProof> verify_log_entries(std::span<const LogEntry> entries,
                                                       const LoggedSignature& signature,
                                                       const TrustedRoot& root);

}  // namespace tegata::verifier
