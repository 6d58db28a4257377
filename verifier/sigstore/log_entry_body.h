// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifier/sigstore/checkpoint.h"
#include "verifier/sigstore/transparency.h"

namespace tegata::verifier {

/// Compares what a log holds with the signature at hand, member by member (reference/sigstore.md, D.5.2
/// and D.5.5): CVE-2022-23649, CVE-2022-36056 and CVE-2026-22703 are this function left out. Tells which
/// Rekor writes such entries: hashedrekord, dsse and rekord 0.0.1, intoto 0.0.1 and 0.0.2 are V1's;
/// hashedrekord and dsse 0.0.2 are V2's.
///
/// LogEntryMalformed: not strict JSON, another kind or version, not the one that kindVersion names, or a
/// member that is compared is absent. LogEntryOfOther: one differs. TooLarge: above limits::kLogEntryBody.
/// That a log holds the body is not checked here.
[[nodiscard]] OrRejection<RekorApi> match_log_entry(const LogEntry& entry, const LoggedSignature& signature);

}  // namespace tegata::verifier
