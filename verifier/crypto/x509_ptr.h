// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <new>
#include <span>

#include "verifier/crypto/certificate_access.h"

namespace tegata::verifier {

using X509StorePtr = std::unique_ptr<X509_STORE, OpensslFree<X509_STORE_free>>;
using X509StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, OpensslFree<X509_STORE_CTX_free>>;

/// Frees the stack and none of what lies in it.
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

}  // namespace tegata::verifier
