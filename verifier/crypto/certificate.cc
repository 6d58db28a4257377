// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/certificate.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/crypto/asn1_time.h"
#include "verifier/crypto/certificate_access.h"
#include "verifier/crypto/openssl_error.h"
#include "verifier/crypto/pem.h"
#include "verifier/crypto/recent_authorities.h"
#include "verifier/crypto/sha256.h"

namespace tegata::verifier {
namespace {

using ObjectPtr = std::unique_ptr<ASN1_OBJECT, OpensslFree<ASN1_OBJECT_free>>;

Result<X509Ptr> read_x509(std::string_view der) {
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(der);
  X509Ptr x509(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  if (!x509) return drain_openssl_errors(ErrorCode::Malformed, "not a certificate in DER");
  if (openssl_encoded(i2d_X509, x509.get()) != der)
    return Error{ErrorCode::Malformed, "not the DER of one certificate and nothing beside it"};
  if (X509_get_version(x509.get()) != X509_VERSION_3)
    return Error{ErrorCode::Malformed, "a certificate must be X.509 v3"};
  // Reads the extensions into OpenSSL's cache: from here on the certificate is only read.
  if (X509_check_purpose(x509.get(), -1, 0) != 1)
    return drain_openssl_errors(ErrorCode::Malformed, "a certificate with broken extensions");
  ERR_clear_error();
  return x509;
}

}  // namespace

Result<Certificate> Certificate::parse_der(std::string_view der) {
  if (der.size() > limits::kCertificate)
    return Error{ErrorCode::LimitExceeded, "a certificate of " + std::to_string(der.size()) +
                                               " bytes; at most " + std::to_string(limits::kCertificate) +
                                               " are read"};
  thread_local RecentAuthorities recent;
  if (auto known = recent.find(der)) return *std::move(known);
  TEGATA_TRY(X509Ptr x509, read_x509(der));
  const auto not_before = time_of(X509_get0_notBefore(x509.get()));
  const auto not_after = time_of(X509_get0_notAfter(x509.get()));
  if (!not_before || !not_after)
    return Error{ErrorCode::Malformed, "a certificate whose validity is not two times in UTC"};
  Certificate certificate(std::make_shared<Parsed>(
      Parsed{std::move(x509), std::string(der), sha256(der), *not_before, *not_after}));
  recent.keep(certificate);
  return certificate;
}

Result<std::vector<Certificate>> Certificate::parse_pem(std::string_view pem) {
  TEGATA_TRY(const std::vector<std::string> blocks, decode_certificate_pem(pem));
  std::vector<Certificate> certificates;
  for (const std::string& der : blocks) {
    TEGATA_TRY(Certificate certificate, parse_der(der));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

CertificateId Certificate::id() const { return parsed_->id; }
const std::string& Certificate::der() const noexcept { return parsed_->der; }
Time Certificate::not_before() const noexcept { return parsed_->not_before; }
Time Certificate::not_after() const noexcept { return parsed_->not_after; }

std::string Certificate::public_key_der() const {
  return openssl_encoded(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(parsed_->x509.get()));
}

Result<PublicKey> Certificate::public_key() const { return PublicKey::parse_der(public_key_der()); }

bool Certificate::is_authority() const {
  return (X509_get_extension_flags(parsed_->x509.get()) & EXFLAG_CA) != 0;
}

bool Certificate::is_self_issued() const {
  return (X509_get_extension_flags(parsed_->x509.get()) & EXFLAG_SI) != 0;
}

Result<std::optional<std::string>> Certificate::extension(const std::string& oid) const {
  const ObjectPtr object(OBJ_txt2obj(oid.c_str(), 1));
  if (!object) return drain_openssl_errors(ErrorCode::Internal, oid + " is no object identifier");
  X509* x509 = parsed_->x509.get();
  const int index = X509_get_ext_by_OBJ(x509, object.get(), -1);
  if (index < 0) return std::optional<std::string>();
  if (X509_get_ext_by_OBJ(x509, object.get(), index) >= 0)
    return Error{ErrorCode::Malformed, "a certificate with extension " + oid + " twice"};
  return std::optional(std::string(openssl_view(X509_EXTENSION_get_data(X509_get_ext(x509, index)))));
}

}  // namespace tegata::verifier
