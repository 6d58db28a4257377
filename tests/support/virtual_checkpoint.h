// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/virtual_breaks.h"
#include "tests/support/virtual_key.h"
#include "tests/support/virtual_merkle_tree.h"

/// Checkpoints are C2SP signed notes (tlog-checkpoint).
namespace tegata::testing {

/// The body: origin, size and root hash, a line each; with what `breaks` says in their place.
[[nodiscard]] std::string checkpoint_body(const std::string& origin, const VirtualMerkleTree& tree,
                                          const LogBreaks& breaks = {});

/// One signature line over the body. `key_id`: its first four bytes are the hint.
[[nodiscard]] std::string note_signature(std::string_view body, std::string_view name,
                                         std::string_view key_id, const VirtualKey& key);
/// The line of a witness (cosignature/v1), with an Ed25519 key.
[[nodiscard]] std::string note_cosignature(std::string_view body, std::string_view name,
                                           std::int64_t unix_seconds, const VirtualKey& key);

/// The key id of a log of Rekor v2, 32 bytes.
[[nodiscard]] std::string note_key_id(std::string_view name, const VirtualKey& key);

}  // namespace tegata::testing
