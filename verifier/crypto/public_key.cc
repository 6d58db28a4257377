// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/public_key.h"

#include "verifier/crypto/key_algorithm.h"
#include "verifier/crypto/pem.h"
#include "verifier/crypto/sha256.h"

namespace tegata::verifier {

struct PublicKey::Parsed {
  KeyId id;
  std::string der;
  KeyAlgorithmPtr algorithm;
};

PublicKey::PublicKey(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}

Result<PublicKey> PublicKey::parse_pem(std::string_view pem) {
  TEGATA_TRY(const std::string der, decode_public_key_pem(pem));
  return parse_der(der);
}

Result<PublicKey> PublicKey::parse_der(std::string_view der) {
  for (const auto read : {read_ed25519_key, read_ecdsa_key, read_rsa_key}) {
    TEGATA_TRY(KeyAlgorithmPtr algorithm, read(der));
    if (algorithm)
      return PublicKey(std::make_shared<Parsed>(Parsed{sha256(der), std::string(der), std::move(algorithm)}));
  }
  return Error{ErrorCode::Malformed,
               "a public key must be ECDSA (P-256, P-384, P-521), RSA (2048 to 4096 bits, not RSASSA-PSS) or "
               "Ed25519"};
}

const KeyId& PublicKey::id() const noexcept { return parsed_->id; }

const std::string& PublicKey::der() const noexcept { return parsed_->der; }

std::string_view PublicKey::algorithm() const noexcept { return parsed_->algorithm->name(); }

SignatureCheck PublicKey::check(std::string_view message, std::string_view signature) const {
  return check(SignedMessage::of_bytes(message), signature);
}

SignatureCheck PublicKey::check(const SignedMessage& message, std::string_view signature) const {
  return parsed_->algorithm->check(message, signature);
}

SignatureCheck PublicKey::check_log(std::string_view message, std::string_view signature) const {
  return parsed_->algorithm->check_log(message, signature);
}

}  // namespace tegata::verifier
