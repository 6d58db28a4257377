// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "verifier/sigstore/candidate/log_entry.h"
#include "verifier/sigstore/root/trusted_root.h"

namespace tegata::verifier {

/// The hash of a leaf of a Merkle tree: SHA-256 over a zero byte and the leaf (RFC 6962, section 2.1).
[[nodiscard]] std::string merkle_leaf_hash(std::string_view leaf);

/// The root of the tree of `size` leaves in which `leaf_hash` stands at `index` (from 0), by its audit
/// path, from the leaf up (RFC 6962, section 2.1.1; RFC 9162, section 2.1.3.2). None where no path of
/// such a leaf looks like this: an index outside of the tree, or another number of hashes than the path
/// has. Whether this is the root that somebody signed is the caller's question.
[[nodiscard]] std::optional<std::string> merkle_root(std::string_view leaf_hash, std::int64_t index,
                                                     std::int64_t size, std::span<const std::string> hashes);

/// What a SignedEntryTimestamp signs (reference/sigstore.md, D.5.1): body, integratedTime, logID and
/// logIndex as RFC 8785 writes them. LogEntryMalformed: there is no integrated time.
[[nodiscard]] OrRejection<std::string> signed_entry_text(const LogEntry& entry);

/// The integrated time of an entry whose promise `log` signed while its key was in use. `log`: the one
/// that the entry names. LogEntryMalformed: no promise, or no time that Time can hold. LogEntryUntrusted:
/// signed by another, or the log is not believed at that time; without a start it never is.
[[nodiscard]] OrRejection<Time> verified_integrated_time(const LogEntry& entry, const LogKey& log);

}  // namespace tegata::verifier
