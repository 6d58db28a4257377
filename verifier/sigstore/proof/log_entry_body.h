// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/crypto/hash.h"
#include "verifier/crypto/public_key.h"
#include "verifier/sigstore/candidate/signing_material.h"
#include "verifier/sigstore/proof/inclusion.h"

namespace tegata::verifier {

/// The signature that a log entry must be about; every member is compared. A view: the data must
/// outlive it.
struct LoggedSignature {
  std::string_view signature;  ///< raw bytes; for DSSE the one of the envelope
  SignedMessage message;       ///< what was signed; for DSSE the pre-authentication encoding
  /// Who signed: the leaf in DER, or the SubjectPublicKeyInfo of the policy's key.
  std::string_view certificate_der;               ///< empty: a bare key
  std::string_view public_key_der;                ///< always; of the leaf where there is one
  std::string_view key_algorithm;                 ///< PublicKey::algorithm()
  std::optional<std::string_view> dsse_payload;   ///< decoded; none: not DSSE
  std::optional<std::string_view> dsse_envelope;  ///< the blob of an `.att` layer, as it was fetched
};

/// Compares the logged body with the given signature, member by member (sigstore/rekor, pkg/types). Without
/// this comparison a verifier has CVE-2022-23649, CVE-2022-36056 or CVE-2026-22703. Returns the API of the
/// Rekor that writes these entries: hashedrekord, dsse and rekord 0.0.1, intoto 0.0.1 and 0.0.2 are V1's;
/// hashedrekord and dsse 0.0.2 are V2's.
///
/// LogEntryMalformed: not strict JSON, another kind or version, not the one that kindVersion names, or a
/// member that is compared is absent. LogEntryOfOther: one differs. TooLarge: above limits::kLogEntryBody.
/// That a log holds the body is not checked here.
[[nodiscard]] OrRejection<RekorApi> match_log_entry(const LogEntry& entry, const LoggedSignature& signature);

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
