// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace tegata::testing {

enum class KeyKind { P256, P384, P521, Rsa2048, Rsa3072, Rsa4096, Ed25519 };

/// A fresh pair of keys, cheap to copy.
class VirtualKey {
 public:
  explicit VirtualKey(KeyKind kind = KeyKind::P256);

  /// Own: ECDSA with the curve's own hash, RSA PKCS#1 v1.5 with SHA-256, Ed25519 pure.
  enum class Way { Own, Sha256, Ed25519ph };
  [[nodiscard]] std::string sign(std::string_view message, Way way = Way::Own) const;

  [[nodiscard]] KeyKind kind() const noexcept { return kind_; }
  [[nodiscard]] std::string public_key_der() const;  ///< SubjectPublicKeyInfo
  [[nodiscard]] std::string public_key_pem() const;
  /// As protobuf-specs name it (sigstore_common.proto, PublicKeyDetails), such as PKIX_ED25519.
  [[nodiscard]] std::string details(Way way = Way::Own) const;
  /// Of the SHA-2 that logs name with a signature made so.
  [[nodiscard]] int hash_bits(Way way) const;
  [[nodiscard]] evp_pkey_st* native() const noexcept { return key_.get(); }

 private:
  KeyKind kind_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace tegata::testing
