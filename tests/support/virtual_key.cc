// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_key.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <array>

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

EVP_PKEY* fresh(KeyKind kind) {
  switch (kind) {
    case KeyKind::P256:
      return EVP_EC_gen("P-256");
    case KeyKind::P384:
      return EVP_EC_gen("P-384");
    case KeyKind::P521:
      return EVP_EC_gen("P-521");
    case KeyKind::Rsa2048:
      return EVP_RSA_gen(2048);
    case KeyKind::Rsa3072:
      return EVP_RSA_gen(3072);
    case KeyKind::Rsa4096:
      return EVP_RSA_gen(4096);
    case KeyKind::Ed25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  return nullptr;
}

const EVP_MD* hash(KeyKind kind, VirtualKey::Way way) {
  if (kind == KeyKind::Ed25519) return nullptr;
  if (way == VirtualKey::Way::Own && kind == KeyKind::P384) return EVP_sha384();
  if (way == VirtualKey::Way::Own && kind == KeyKind::P521) return EVP_sha512();
  return EVP_sha256();
}

unsigned char* octets(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string sign_prehashed(EVP_PKEY* key, std::string_view message) {
  std::string seed(crypto_sign_SEEDBYTES, '\0'), known(crypto_sign_PUBLICKEYBYTES, '\0'),
      secret(crypto_sign_SECRETKEYBYTES, '\0'), signature(crypto_sign_BYTES, '\0');
  std::size_t size = seed.size();
  must(EVP_PKEY_get_raw_private_key(key, octets(seed), &size) == 1 && size == seed.size());
  must(crypto_sign_seed_keypair(octets(known), octets(secret), octets(seed)) == 0);
  crypto_sign_state state;
  must(crypto_sign_init(&state) == 0);
  must(crypto_sign_update(&state, reinterpret_cast<const unsigned char*>(message.data()), message.size()) ==
       0);
  must(crypto_sign_final_create(&state, octets(signature), nullptr, octets(secret)) == 0);
  return signature;
}

}  // namespace

VirtualKey::VirtualKey(KeyKind kind) : kind_(kind), key_(fresh(kind), EVP_PKEY_free) {
  must(key_ != nullptr);
}

std::string VirtualKey::sign(std::string_view message, Way way) const {
  if (way == Way::Ed25519ph) return sign_prehashed(native(), message);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  must(EVP_DigestSignInit(context.get(), nullptr, hash(kind_, way), nullptr, native()) == 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  must(EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) == 1);
  std::string signature(size, '\0');
  must(EVP_DigestSign(context.get(), octets(signature), &size, bytes, message.size()) == 1);
  signature.resize(size);
  return signature;
}

std::string VirtualKey::public_key_der() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(native(), &bytes);
  must(size > 0);
  std::string encoded(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return encoded;
}

std::string VirtualKey::public_key_pem() const { return pem_block("PUBLIC KEY", public_key_der()); }

std::string VirtualKey::details(Way way) const {
  switch (kind_) {
    case KeyKind::P256:
      return "PKIX_ECDSA_P256_SHA_256";
    case KeyKind::P384:
      return "PKIX_ECDSA_P384_SHA_384";
    case KeyKind::P521:
      return "PKIX_ECDSA_P521_SHA_512";
    case KeyKind::Rsa2048:
      return "PKIX_RSA_PKCS1V15_2048_SHA256";
    case KeyKind::Rsa3072:
      return "PKIX_RSA_PKCS1V15_3072_SHA256";
    case KeyKind::Rsa4096:
      return "PKIX_RSA_PKCS1V15_4096_SHA256";
    case KeyKind::Ed25519:
      return way == Way::Ed25519ph ? "PKIX_ED25519_PH" : "PKIX_ED25519";
  }
  return {};
}

int VirtualKey::hash_bits(Way way) const {
  if (way == Way::Ed25519ph) return 512;
  if (way == Way::Sha256) return 256;
  if (kind_ == KeyKind::P384) return 384;
  return kind_ == KeyKind::P521 ? 512 : 256;
}

}  // namespace tegata::testing
