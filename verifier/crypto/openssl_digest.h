// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>

#include "verifier/crypto/hash_algorithm.h"

namespace tegata::verifier {

/// OpenSSL's implementation, fetched once in the life of the program. A library without it is a
/// std::runtime_error: nothing here works without hashes.
[[nodiscard]] const EVP_MD* openssl_digest(HashAlgorithm algorithm);

}  // namespace tegata::verifier
