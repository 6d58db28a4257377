// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/hash.h"

#include <sodium.h>

#include <stdexcept>

#include "verifier/crypto/openssl_support.h"
#include "verifier/crypto/sodium_library.h"
#include "verifier/crypto/text_encoding.h"

namespace tegata::verifier {
namespace {

// A hash fails only if memory runs out; a partial hash must never be used.
void must_succeed(int openssl_result) {
  if (openssl_result != 1) throw std::runtime_error("OpenSSL could not compute SHA-256");
}

}  // namespace

std::string hash(HashAlgorithm algorithm, std::string_view message) {
  const EVP_MD* digest = openssl_digest(algorithm);
  std::string bytes(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(bytes.data()), &size,
                 digest, nullptr) != 1)
    throw std::runtime_error("OpenSSL could not compute a hash");
  bytes.resize(size);
  return bytes;
}

Digest sha256(std::string_view bytes) {
  Digest::Bytes out{};
  must_succeed(EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr,
                          openssl_digest(HashAlgorithm::Sha256), nullptr));
  return Digest(out);
}

Sha256::Sha256() : context_(nullptr) {
  EvpMdCtxPtr context(EVP_MD_CTX_new());
  must_succeed(context ? EVP_DigestInit_ex2(context.get(), openssl_digest(HashAlgorithm::Sha256), nullptr)
                       : 0);
  context_ = context.release();
}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256::add(std::string_view bytes) {
  must_succeed(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
  Digest::Bytes out{};
  must_succeed(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), out.data(), nullptr));
  return Digest(out);
}

static_assert(crypto_auth_hmacsha256_KEYBYTES == std::tuple_size_v<KeyedHash::Key>);

KeyedHash KeyedHash::generate() {
  require_sodium();
  Key key{};
  randombytes_buf(key.data(), key.size());
  KeyedHash hash(key);
  sodium_memzero(key.data(), key.size());
  return hash;
}

KeyedHash::~KeyedHash() { sodium_memzero(key_.data(), key_.size()); }

std::string KeyedHash::hex(std::string_view value) const {
  require_sodium();
  std::array<char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256(reinterpret_cast<unsigned char*>(mac.data()),
                         reinterpret_cast<const unsigned char*>(value.data()), value.size(), key_.data());
  return encode_hex({mac.data(), mac.size()});
}

}  // namespace tegata::verifier
