// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "verifier/sigstore/log_entry.h"
#include "verifier/sigstore/trusted_root.h"

namespace tegata::verifier {

/// What a SignedEntryTimestamp signs (reference/sigstore.md, D.5.1): body, integratedTime, logID and
/// logIndex as RFC 8785 writes them. LogEntryMalformed: there is no integrated time.
[[nodiscard]] OrRejection<std::string> signed_entry_text(const LogEntry& entry);

/// The integrated time of an entry whose promise `log` signed while its key was in use. `log`: the one
/// that the entry names. LogEntryMalformed: no promise, or no time that Time can hold. LogEntryUntrusted:
/// signed by another, or the log is not believed at that time; without a start it never is.
[[nodiscard]] OrRejection<Time> verified_integrated_time(const LogEntry& entry, const LogKey& log);

}  // namespace tegata::verifier
