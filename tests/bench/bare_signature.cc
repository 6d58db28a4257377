// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bare_signature.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <stdexcept>

namespace tegata::bench {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Kind = BareSignature::Kind;

Context context() { return {EVP_MD_CTX_new(), EVP_MD_CTX_free}; }

bool is_ed25519(Kind kind) { return kind == Kind::Ed25519 || kind == Kind::Ed25519Sodium; }
const EVP_MD* hash_of(Kind kind) {
  if (is_ed25519(kind)) return nullptr;
  return kind == Kind::EcdsaP384 ? EVP_sha384() : EVP_sha256();
}

EVP_PKEY* fresh_key(Kind kind) {
  switch (kind) {
    case Kind::EcdsaP256:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    case Kind::EcdsaP384:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384");
    case Kind::Rsa2048:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
    case Kind::Rsa4096:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{4096});
    case Kind::Ed25519:
    case Kind::Ed25519Sodium:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  return nullptr;
}

const unsigned char* bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void demand(bool condition) {
  if (!condition) throw std::runtime_error("the library refuses to make a key or to sign");
}

}  // namespace

BareSignature::BareSignature(Kind kind, std::size_t message_bytes)
    : kind_(kind), message_(message_bytes, 'm'), key_(fresh_key(kind), EVP_PKEY_free) {
  demand(key_ != nullptr && sodium_init() >= 0);
  const auto signing = context();
  std::size_t size = 0;
  demand(EVP_DigestSignInit(signing.get(), nullptr, hash_of(kind), nullptr, key_.get()) == 1);
  demand(EVP_DigestSign(signing.get(), nullptr, &size, bytes(message_), message_.size()) == 1);
  signature_.resize(size);
  demand(EVP_DigestSign(signing.get(), bytes(signature_), &size, bytes(message_), message_.size()) == 1);
  signature_.resize(size);
  if (!is_ed25519(kind)) return;
  raw_key_.resize(crypto_sign_PUBLICKEYBYTES);
  size = raw_key_.size();
  demand(EVP_PKEY_get_raw_public_key(key_.get(), bytes(raw_key_), &size) == 1);
}

bool BareSignature::verify() const {
  if (kind_ == Kind::Ed25519Sodium)
    return crypto_sign_verify_detached(bytes(signature_), bytes(message_), message_.size(),
                                       bytes(raw_key_)) == 0;
  const auto verifying = context();
  return EVP_DigestVerifyInit(verifying.get(), nullptr, hash_of(kind_), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(verifying.get(), bytes(signature_), signature_.size(), bytes(message_),
                          message_.size()) == 1;
}

bool decodes_certificate(const std::string& der) {
  const auto* cursor = bytes(der);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      d2i_X509(nullptr, &cursor, static_cast<long>(der.size())), X509_free);
  return certificate != nullptr;
}

}  // namespace tegata::bench
