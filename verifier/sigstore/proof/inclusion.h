// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/rejection.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// The API version of a Rekor log: entries and checkpoints differ (sigstore/rekor, sigstore/rekor-tiles).
enum class RekorApi { V1, V2 };

/// A log's statement of its size and root (C2SP tlog-checkpoint) in a signed note (C2SP signed-note):
///
///     note       = text "\n" 1*signature
///     text       = origin "\n" size "\n" root "\n" *( extension "\n" )
///     signature  = "— " name " " base64(key-id(4) signature) "\n"
///
/// It is not trusted until one of its signatures is verified.
struct Checkpoint {
  struct Signature {
    std::string name;
    std::string key_id;  ///< 4 bytes
    std::string bytes;
  };
  std::string text;  ///< what is signed: up to the newline before the blank line, which it holds
  std::string origin;
  std::int64_t tree_size = 0;
  std::string root_hash;  ///< 32 bytes
  std::vector<Signature> signatures;
};

/// Reads a note by the grammar above: no control characters, a size in decimal without sign or leading
/// zeros, a root of 32 bytes. UTF-8 is already checked by the JSON parser. CheckpointInvalid. TooLarge:
/// more than limits::kCheckpoint bytes or limits::kCheckpointSignatures signatures.
[[nodiscard]] OrRejection<Checkpoint> parse_checkpoint(std::string_view note);

/// A checkpoint that `log` signed. V1: an origin `HOST - DIGITS` (the name of a Rekor shard; the operator
/// configures the host). V2: the log's own origin, on the signature's line too. Of the lines
/// with the log's key id one must verify (ECDSA and RSA over SHA-256, Ed25519 pure); the first four of
/// them are tried. Signatures by others, such as witnesses, are ignored. CheckpointInvalid, TooLarge.
[[nodiscard]] OrRejection<Checkpoint> verified_checkpoint(std::string_view note, const LogKey& log,
                                                          RekorApi api);

/// The hash of a leaf of a Merkle tree: SHA-256 over a zero byte and the leaf (RFC 6962, section 2.1).
[[nodiscard]] std::string merkle_leaf_hash(std::string_view leaf);

/// The root of the tree of `size` leaves with `leaf_hash` at `index` (from 0), computed from the audit path,
/// from the leaf up (RFC 6962, section 2.1.1; RFC 9162, section 2.1.3.2). None: the index is outside the
/// tree, or the path has the wrong number of hashes. The caller compares the result with a signed root.
[[nodiscard]] std::optional<std::string> merkle_root(std::string_view leaf_hash, std::int64_t index,
                                                     std::int64_t size, std::span<const std::string> hashes);

/// The text that a SignedEntryTimestamp signs (sigstore/rekor): body, integratedTime, logID and
/// logIndex as RFC 8785 writes them. LogEntryMalformed: the integrated time is absent.
[[nodiscard]] OrRejection<std::string> signed_entry_text(const LogEntry& entry);

/// The integrated time of an entry whose promise `log` signed while its key was in use. `log`: the log
/// that the entry names. LogEntryMalformed: no promise, or a time out of range. LogEntryUntrusted: signed by
/// another key, or the log is not trusted at that time; a log without a start is never trusted.
[[nodiscard]] OrRejection<Time> verified_integrated_time(const LogEntry& entry, const LogKey& log);

}  // namespace tegata::verifier
