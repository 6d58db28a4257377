// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/sigstore/proof/inclusion.h"
#include "verifier/sigstore/proof/log_body_members.h"
#include "verifier/sigstore/proof/transparency.h"

namespace tegata::verifier {

/// Compares the logged body with the given signature, member by member (sigstore/rekor, pkg/types). Without
/// this comparison a verifier has CVE-2022-23649, CVE-2022-36056 or CVE-2026-22703. Returns the API of the
/// Rekor that writes these entries: hashedrekord, dsse and rekord 0.0.1, intoto 0.0.1 and 0.0.2 are V1's;
/// hashedrekord and dsse 0.0.2 are V2's.
///
/// LogEntryMalformed: not strict JSON, another kind or version, not the one that kindVersion names, or a
/// member that is compared is absent. LogEntryOfOther: one differs. TooLarge: above limits::kLogEntryBody.
/// That a log holds the body is not checked here.
[[nodiscard]] OrRejection<RekorApi> match_log_entry(const LogEntry& entry, const LoggedSignature& signature);

/// The canonical body (RFC 8785 over protojson) of the hashedrekord 0.0.2 that Rekor v2 makes of this
/// signature (sigstore/rekor-tiles): the expected body, built only from the signature.
/// None: Rekor v2 does not support the key, or the required hash of the message is not known.
[[nodiscard]] std::optional<std::string> hashedrekord_v2_body(const LoggedSignature& signature);

/// Compares the expected body with the given one, byte for byte. This is stricter than necessary: the client
/// specification allows clients to trust either the rebuilt or the received body, and sigstore-go ignores the
/// received one. Here they must be equal, so another encoding of an entry, or a member that was not compared,
/// is never accepted.
[[nodiscard]] Mismatch differs_from_hashedrekord_v2(std::string_view body, const LoggedSignature& signature);

/// dsse 0.0.2, which clients wrote until mid 2026: payload hash, one signature, and its signer. The
/// keyDetails are not compared: the key is compared, and one type of key can sign in several ways.
[[nodiscard]] Mismatch differs_from_dsse_v2(const nlohmann::json& body, const LoggedSignature& signature);

}  // namespace tegata::verifier
