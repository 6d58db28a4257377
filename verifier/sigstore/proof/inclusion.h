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
