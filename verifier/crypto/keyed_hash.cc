// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/keyed_hash.h"

#include <sodium.h>

#include "verifier/crypto/base64.h"
#include "verifier/crypto/sodium_library.h"

namespace tegata::verifier {

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
