// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace tegata::verifier
