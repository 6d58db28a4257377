// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// The hash of a leaf of a Merkle tree: SHA-256 over a zero byte and the leaf (RFC 6962, section 2.1).
[[nodiscard]] std::string merkle_leaf_hash(std::string_view leaf);

/// The root of the tree of `size` leaves in which `leaf_hash` stands at `index` (from 0), by its audit
/// path, from the leaf up (RFC 6962, section 2.1.1; RFC 9162, section 2.1.3.2). None where no path of
/// such a leaf looks like this: an index outside of the tree, or another number of hashes than the path
/// has. Whether this is the root that somebody signed is the caller's question.
[[nodiscard]] std::optional<std::string> merkle_root(std::string_view leaf_hash, std::int64_t index,
                                                     std::int64_t size, std::span<const std::string> hashes);

}  // namespace tegata::verifier
