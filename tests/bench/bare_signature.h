// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;

namespace tegata::bench {

/// A fresh key and its signature over some bytes, verified with nothing around it.
class BareSignature {
 public:
  /// Ed25519Sodium: OpenSSL's key and signature, verified by libsodium.
  enum class Kind { EcdsaP256, EcdsaP384, Rsa2048, Rsa4096, Ed25519, Ed25519Sodium };
  BareSignature(Kind kind, std::size_t message_bytes);

  /// EVP_DigestVerify, or crypto_sign_verify_detached. False would be a broken bench.
  [[nodiscard]] bool verify() const;

 private:
  Kind kind_;
  std::string message_;
  std::shared_ptr<evp_pkey_st> key_;
  std::string signature_;
  std::string raw_key_;  ///< of Ed25519
};

/// Whether OpenSSL reads a certificate in DER; with nothing around it.
[[nodiscard]] bool decodes_certificate(const std::string& der);

}  // namespace tegata::bench
