// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tegata::testing {

/// Signs in tests with a private key of tests/testdata/sigstore/keys, in the ways that cosign does.
class TestSigner {
 public:
  /// `name`: p384, hand-p256, rsa2048, ed25519 … A missing key is a std::runtime_error.
  explicit TestSigner(std::string_view name);

  enum class Way { Own, Sha256, Ed25519ph, Pss };
  /// Own: ECDSA with the curve's own hash, RSA PKCS#1 v1.5 with SHA-256, Ed25519 pure.
  [[nodiscard]] std::string sign(std::string_view message, Way way = Way::Own) const;
  [[nodiscard]] std::string public_key_pem() const { return pem_; }

 private:
  std::shared_ptr<void> key_;  ///< EVP_PKEY
  std::string pem_;
};

/// The DER of a fresh key's SubjectPublicKeyInfo. `kind` as for `openssl genpkey`: RSA, RSA-PSS,
/// EC, ED25519, ED448; `option` is bits or curve.
[[nodiscard]] std::string fresh_public_key_der(std::string_view kind, std::string_view option = {});

}  // namespace tegata::testing
