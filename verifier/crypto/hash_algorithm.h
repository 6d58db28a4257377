// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include <string>
#include <string_view>

namespace tegata::verifier {

enum class HashAlgorithm { Sha256, Sha384, Sha512 };

/// OpenSSL's implementation, fetched once in the life of the program. A library without it is a
/// std::runtime_error: nothing here works without hashes.
[[nodiscard]] const EVP_MD* openssl_digest(HashAlgorithm algorithm);

/// The raw bytes of the hash of `message`.
[[nodiscard]] std::string hash(HashAlgorithm algorithm, std::string_view message);

}  // namespace tegata::verifier
