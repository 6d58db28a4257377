// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/model/result.h"
#include "verifier/crypto/hash_algorithm.h"
#include "verifier/crypto/openssl_ptr.h"
#include "verifier/crypto/signed_message.h"

namespace tegata::verifier {

/// SubjectPublicKeyInfo as OpenSSL reads it, if these bytes are the DER that it would write itself:
/// no trailing bytes, no second spelling of one key.
[[nodiscard]] Result<EvpPkeyPtr> read_spki(std::string_view der);

/// One key with one hash, ready to check signatures: an EVP_PKEY_CTX that is set up once and
/// duplicated for each check, so that algorithms are looked up only when a key is read.
class EvpVerifier {
 public:
  /// `padding` is OpenSSL's RSA padding, or 0 for keys without one.
  [[nodiscard]] static Result<EvpVerifier> create(EVP_PKEY* key, HashAlgorithm hash, int padding);

  /// Thread-safe. Whatever OpenSSL reports beside "good" is false, and leaves nothing in its queue; so
  /// is a message of which only another hash is known.
  [[nodiscard]] bool verifies(const SignedMessage& message, std::string_view signature) const;
  [[nodiscard]] HashAlgorithm hash_algorithm() const noexcept { return hash_; }

 private:
  EvpVerifier(EvpPkeyCtxPtr context, HashAlgorithm hash) : context_(std::move(context)), hash_(hash) {}
  EvpPkeyCtxPtr context_;
  HashAlgorithm hash_;
};

}  // namespace tegata::verifier
