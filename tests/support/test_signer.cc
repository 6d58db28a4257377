// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_signer.h"
#include "testdata_folder.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tegata::testing {
namespace {

void must(bool good) {
  if (!good) throw std::runtime_error("the test could not sign");
}

EVP_PKEY* pkey(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  must(static_cast<bool>(file));
  return {std::istreambuf_iterator<char>(file), {}};
}

const EVP_MD* own_hash(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return nullptr;
  if (EVP_PKEY_is_a(key, "EC") != 1) return EVP_sha256();
  if (EVP_PKEY_get_bits(key) == 384) return EVP_sha384();
  return EVP_PKEY_get_bits(key) == 521 ? EVP_sha512() : EVP_sha256();
}

std::string sign_prehashed(EVP_PKEY* key, std::string_view message) {
  std::array<unsigned char, 64> secret{};
  std::size_t size = 32;
  must(EVP_PKEY_get_raw_private_key(key, secret.data(), &size) == 1 && size == 32);
  std::array<unsigned char, 32> public_key{};
  std::array<unsigned char, 32> seed{};
  std::copy(secret.begin(), secret.begin() + 32, seed.begin());
  crypto_sign_seed_keypair(public_key.data(), secret.data(), seed.data());
  crypto_sign_state state;
  crypto_sign_init(&state);
  crypto_sign_update(&state, reinterpret_cast<const unsigned char*>(message.data()), message.size());
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_final_create(&state, reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                           secret.data());
  return signature;
}

}  // namespace

TestSigner::TestSigner(std::string_view name) {
  const std::string stem = std::string(TEGATA_TESTDATA "/sigstore/keys/") + std::string(name);
  pem_ = read_file(stem + ".pub");
  const std::string secret = read_file(stem + ".pem");
  BIO* bio = BIO_new_mem_buf(secret.data(), static_cast<int>(secret.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  must(key != nullptr);
  key_ = std::shared_ptr<void>(key, [](void* one) { EVP_PKEY_free(static_cast<EVP_PKEY*>(one)); });
}

std::string TestSigner::sign(std::string_view message, Way way) const {
  EVP_PKEY* key = pkey(key_);
  if (way == Way::Ed25519ph) return sign_prehashed(key, message);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* options = nullptr;
  const EVP_MD* hash = way == Way::Own ? own_hash(key) : EVP_sha256();
  must(EVP_DigestSignInit(context.get(), &options, hash, nullptr, key) == 1);
  if (way == Way::Pss) must(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  must(EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) == 1);
  std::string signature(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(signature.data());
  must(EVP_DigestSign(context.get(), out, &size, bytes, message.size()) == 1);
  signature.resize(size);
  return signature;
}

std::string fresh_public_key_der(std::string_view kind, std::string_view option) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, std::string(kind).c_str(), nullptr), EVP_PKEY_CTX_free);
  must(context && EVP_PKEY_keygen_init(context.get()) == 1);
  if (kind.starts_with("RSA"))
    must(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), std::stoi(std::string(option))) == 1);
  if (kind == "EC") must(EVP_PKEY_CTX_set_group_name(context.get(), std::string(option).c_str()) == 1);
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_generate(context.get(), &key) == 1);
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  EVP_PKEY_free(key);
  must(size > 0);
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

}  // namespace tegata::testing
