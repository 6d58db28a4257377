// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/asn1.h>
#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "policy/model/deadline.h"
#include "policy/model/result.h"
#include "verifier/crypto/hash_algorithm.h"

namespace tegata::verifier {

/// Calls the free function that belongs to an OpenSSL object.
template <auto Free>
struct OpensslFree {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

struct OpensslBytesFree {
  void operator()(unsigned char* bytes) const noexcept { OPENSSL_free(bytes); }
};

using EvpMdPtr = std::unique_ptr<EVP_MD, OpensslFree<EVP_MD_free>>;
using EvpMdCtxPtr = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;
using EvpPkeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using EvpPkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;

/// OpenSSL's byte pointers for a view's bytes.
template <typename View>
const unsigned char* openssl_bytes(const View& view) noexcept {
  return reinterpret_cast<const unsigned char*>(view.data());
}

/// The bytes of an ASN.1 string of any kind. The view is valid as long as the string.
inline std::string_view openssl_view(const ASN1_STRING* string) noexcept {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

/// The output of one of OpenSSL's i2d_ functions; empty on failure.
template <typename Object>
std::string openssl_encoded(int (*i2d)(Object*, unsigned char**), std::type_identity_t<Object>* object) {
  unsigned char* bytes = nullptr;
  const int size = i2d(object, &bytes);
  if (size <= 0) return {};
  const std::unique_ptr<unsigned char, OpensslBytesFree> owner(bytes);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

/// Empties this thread's OpenSSL error queue into one Error:
/// `what: first reason; second reason`.
[[nodiscard]] Error drain_openssl_errors(ErrorCode code, std::string_view what);

/// OpenSSL's implementation, fetched once per process. Throws std::runtime_error if the library does not
/// provide it.
[[nodiscard]] const EVP_MD* openssl_digest(HashAlgorithm algorithm);

/// A UTCTime or GeneralizedTime in UTC, rounded down to the millisecond. None: invalid, or not in UTC.
[[nodiscard]] std::optional<Time> time_of(const ASN1_TIME* time);

}  // namespace tegata::verifier
