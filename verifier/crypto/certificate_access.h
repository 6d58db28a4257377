// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/x509.h>

#include "verifier/crypto/certificate.h"
#include "verifier/crypto/openssl_ptr.h"

namespace tegata::verifier {

using X509Ptr = std::unique_ptr<X509, OpensslFree<X509_free>>;

struct Certificate::Parsed {
  X509Ptr x509;  ///< with its extensions cached: only read from here on, so from any thread
  std::string der;
  CertificateId id;
  Time not_before;
  Time not_after;
};

/// The way from a Certificate to OpenSSL and back, for this room alone.
class CertificateAccess {
 public:
  /// OpenSSL's functions take it without const; nobody changes it.
  [[nodiscard]] static X509* x509(const Certificate& certificate) noexcept {
    return certificate.parsed_->x509.get();
  }
  /// What OpenSSL found in a message, read as strictly as any other certificate.
  [[nodiscard]] static Result<Certificate> read(X509* x509) {
    return Certificate::parse_der(openssl_encoded(i2d_X509, x509));
  }
};

}  // namespace tegata::verifier
