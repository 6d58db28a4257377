// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "verifier/crypto/hash.h"
#include "verifier/crypto/public_key.h"
#include "verifier/sigstore/proof/transparency.h"

namespace tegata::verifier {

// Comparison of one member of an entry's body. Each returns nothing if the member is present and equal, else
// a Rejection: LogEntryMalformed if it is absent or malformed, LogEntryOfOther if it differs.

using Mismatch = std::optional<Rejection>;
using MemberPath = std::initializer_list<std::string_view>;

[[nodiscard]] Rejection malformed_body(std::string_view detail);
[[nodiscard]] Rejection body_of_other(std::string_view what);

/// The member at the end of the path; null if a step is absent.
[[nodiscard]] const nlohmann::json* member_at(const nlohmann::json& object, MemberPath path);
/// The only element of the list there; null if it is not a list with one element.
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
/// The same with the hash algorithm of the signer's key.
[[nodiscard]] Mismatch differs_in_message(const nlohmann::json& object, MemberPath path,
                                          const LoggedSignature& signature);

/// The first that is a mismatch.
[[nodiscard]] Mismatch first_of(std::initializer_list<Mismatch> mismatches);

/// How Rekor records signatures by one type of key.
struct LoggedKey {
  std::string_view algorithm;    ///< PublicKey::algorithm()
  HashAlgorithm hash;            ///< used by Rekor v2 and cosign 3
  std::string_view key_details;  ///< v2: PublicKeyDetails of protobuf-specs, sigstore_common.proto
  bool also_sha256 = false;      ///< v1: cosign 2 signs with SHA-256 for every curve
};

/// Null: a type of key that Rekor v2 does not support, or RSA of an unusual length.
[[nodiscard]] const LoggedKey* logged_key(std::string_view algorithm) noexcept;

/// `sha256` as Rekor v1 writes it, `SHA2_256` as v2 does.
[[nodiscard]] std::string_view v1_name_of(HashAlgorithm hash) noexcept;
[[nodiscard]] std::string_view v2_name_of(HashAlgorithm hash) noexcept;

}  // namespace tegata::verifier
