// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "verifier/crypto/signed_message.h"
#include "verifier/sigstore/transparency.h"

namespace tegata::verifier {

// Comparing one member of an entry's body. Each gives nothing where it is there and the same, and a
// Rejection otherwise: LogEntryMalformed where it is absent or unreadable, LogEntryOfOther where it differs.

using Mismatch = std::optional<Rejection>;
using MemberPath = std::initializer_list<std::string_view>;

[[nodiscard]] Rejection malformed_body(std::string_view detail);
[[nodiscard]] Rejection body_of_other(std::string_view what);

/// The member at the end of the path; null where a step is absent.
[[nodiscard]] const nlohmann::json* member_at(const nlohmann::json& object, MemberPath path);
/// The only element of the list there; null where it is no list of one.
[[nodiscard]] const nlohmann::json* only_element(const nlohmann::json& object, MemberPath path);

/// A string that is this text.
[[nodiscard]] Mismatch differs_in_text(const nlohmann::json& object, MemberPath path, std::string_view text);
/// A string that is these bytes in base64.
[[nodiscard]] Mismatch differs_in_bytes(const nlohmann::json& object, MemberPath path,
                                        std::string_view bytes);
/// The signer's certificate, or bare key, as one PEM block (RFC 7468, lax: lines of any length) in base64.
[[nodiscard]] Mismatch differs_in_signer(const nlohmann::json& object, MemberPath path,
                                         const LoggedSignature& signature);
/// An object `{algorithm, value}` with the SHA-256 of these bytes.
[[nodiscard]] Mismatch differs_in_sha256(const nlohmann::json& object, MemberPath path,
                                         std::string_view bytes);
/// The same with a hash that the signer's kind of key signs with.
[[nodiscard]] Mismatch differs_in_message(const nlohmann::json& object, MemberPath path,
                                          const LoggedSignature& signature);

/// The first that is a mismatch.
[[nodiscard]] Mismatch first_of(std::initializer_list<Mismatch> mismatches);

}  // namespace tegata::verifier
