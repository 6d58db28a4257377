// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/sigstore/proof/checkpoint.h"
#include "verifier/sigstore/proof/log_body_members.h"
#include "verifier/sigstore/proof/transparency.h"

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

/// The canonical body (RFC 8785 over protojson) of the hashedrekord 0.0.2 that Rekor v2 makes of this
/// signature (reference/sigstore.md, D.5.5): what must be logged, written down without a look at what is.
/// None: a kind of key that Rekor v2 does not take, or the message's hash for it is not known.
[[nodiscard]] std::optional<std::string> hashedrekord_v2_body(const LoggedSignature& signature);

/// Compares that with the body at hand, byte for byte. This is the strictest reading that there is: the
/// client specification lets clients trust either the rebuilt body or the one that is sent, and sigstore-go
/// never looks at the one that is sent. Here they must be the same, so no second spelling of an entry, and
/// nothing in it that was not compared, ever counts.
[[nodiscard]] Mismatch differs_from_hashedrekord_v2(std::string_view body, const LoggedSignature& signature);

/// dsse 0.0.2, which clients wrote until mid 2026: payload hash, one signature, and who made it. Its
/// keyDetails are not compared: the key is, and a kind of key signs in more than one way.
[[nodiscard]] Mismatch differs_from_dsse_v2(const nlohmann::json& body, const LoggedSignature& signature);

}  // namespace tegata::verifier
