// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "verifier/crypto/hash_algorithm.h"

namespace tegata::verifier {

/// How Rekor writes down signatures by one kind of key.
struct LoggedKey {
  std::string_view algorithm;    ///< PublicKey::algorithm()
  HashAlgorithm hash;            ///< with which Rekor v2 logs, and cosign 3 signs
  std::string_view key_details;  ///< v2: PublicKeyDetails of protobuf-specs, sigstore_common.proto
  bool also_sha256 = false;      ///< v1: cosign 2 signs with SHA-256 whatever the curve
};

/// Null: a kind of key that Rekor v2 does not know; RSA of an unusual length.
[[nodiscard]] const LoggedKey* logged_key(std::string_view algorithm) noexcept;

/// `sha256` as Rekor v1 writes it, `SHA2_256` as v2 does.
[[nodiscard]] std::string_view v1_name_of(HashAlgorithm hash) noexcept;
[[nodiscard]] std::string_view v2_name_of(HashAlgorithm hash) noexcept;

}  // namespace tegata::verifier
