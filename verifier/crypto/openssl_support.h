// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "policy/model/deadline.h"
#include "policy/model/result.h"
#include "verifier/crypto/certificate.h"
#include "verifier/crypto/hash.h"

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

using X509Ptr = std::unique_ptr<X509, OpensslFree<X509_free>>;

struct Certificate::Parsed {
  X509Ptr x509;  ///< its extensions are cached, so it is not modified and can be used from any thread
  std::string der;
  CertificateId id;
  Time not_before;
  Time not_after;
};

/// Converts between Certificate and X509; only for verifier/crypto.
class CertificateAccess {
 public:
  /// OpenSSL's functions take a non-const pointer; it is not modified.
  [[nodiscard]] static X509* x509(const Certificate& certificate) noexcept {
    return certificate.parsed_->x509.get();
  }
  /// A certificate that OpenSSL found in a message, parsed as strictly as any other.
  [[nodiscard]] static Result<Certificate> read(X509* x509) {
    return Certificate::parse_der(openssl_encoded(i2d_X509, x509));
  }
};

using X509StorePtr = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;
using X509StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;

/// Frees the stack, but not its elements.
struct BorrowedStackFree {
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};
using BorrowedX509Stack = std::unique_ptr<STACK_OF(X509), BorrowedStackFree>;

/// Puts certificates, which must outlive it, on a stack.
inline void push_all(const BorrowedX509Stack& stack, std::span<const Certificate> certificates) {
  for (const Certificate& certificate : certificates)
    if (!stack || sk_X509_push(stack.get(), CertificateAccess::x509(certificate)) <= 0)
      throw std::bad_alloc();
}

inline BorrowedX509Stack stack_of(std::span<const Certificate> certificates) {
  BorrowedX509Stack stack(sk_X509_new_null());
  push_all(stack, certificates);
  return stack;
}

/// A store that trusts this certificate, self-signed or not, and nothing else: paths of at most
/// limits::kCertificateChain, keys and signatures of 112 bits of security or more. Built once for each
/// authority and then only read: the time of a verification is set in its X509_STORE_CTX.
[[nodiscard]] X509StorePtr store_with(const Certificate& anchor, unsigned long more_flags = 0);

}  // namespace tegata::verifier
