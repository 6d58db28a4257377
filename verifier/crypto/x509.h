// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <new>
#include <span>

#include "verifier/crypto/certificate.h"
#include "verifier/crypto/openssl_support.h"

namespace tegata::verifier {

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
