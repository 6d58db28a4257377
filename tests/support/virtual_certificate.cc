// SPDX-License-Identifier: Apache-2.0
#include "tests/support/virtual_certificate.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tests/support/virtual_bytes.h"

namespace tegata::testing {
namespace {

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

template <auto Encode, typename Object>
std::string encoded(Object* object) {
  unsigned char* bytes = nullptr;
  const int size = Encode(object, &bytes);
  must(size > 0);
  std::string result(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return result;
}

void set_name(X509_NAME* name, const std::string& common_name) {
  if (common_name.empty()) return;
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.data()),
                                  static_cast<int>(common_name.size()), -1, 0) == 1);
}

void set_serial(X509* certificate, const CertificateText& text) {
  // Not from the extensions: a precertificate has the number of its certificate.
  std::string number = hash_of(text.issuer + "\n" + text.subject + "\n" + rfc3339(text.from)).substr(0, 16);
  number[0] &= 0x7f;
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> serial(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(number.data()), 16, nullptr), BN_free);
  must(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_time(ASN1_TIME* field, Time time) { must(ASN1_TIME_set(field, unix_seconds(time)) != nullptr); }

void add(X509* certificate, const CertificateExtension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, nullptr, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made(
      X509V3_EXT_conf(nullptr, &context, extension.first.c_str(), extension.second.c_str()),
      X509_EXTENSION_free);
  must(made && X509_add_ext(certificate, made.get(), -1) == 1);
}

std::string key_identifier(const std::string& name) { return hash_of(name, 160); }

}  // namespace

CertificateExtension der_extension(std::string oid, std::string_view der, bool critical) {
  return {std::move(oid), (critical ? "critical,DER:" : "DER:") + hex(der)};
}

std::string issue_certificate(const CertificateText& text, const VirtualKey& subject_key,
                              const VirtualKey& issuer_key) {
  const X509Ptr certificate(X509_new(), X509_free);
  must(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  set_serial(certificate.get(), text);
  set_name(X509_get_subject_name(certificate.get()), text.subject);
  set_name(X509_get_issuer_name(certificate.get()), text.issuer);
  set_time(X509_getm_notBefore(certificate.get()), text.from);
  set_time(X509_getm_notAfter(certificate.get()), text.until);
  must(X509_set_pubkey(certificate.get(), subject_key.native()) == 1);
  for (const auto& extension : text.extensions) add(certificate.get(), extension);
  const std::string own = der(0x04, key_identifier(text.subject));
  const std::string issuers = der(0x30, der(0x80, key_identifier(text.issuer)));
  if (!text.subject.empty()) add(certificate.get(), der_extension("subjectKeyIdentifier", own));
  add(certificate.get(), der_extension("authorityKeyIdentifier", issuers));
  must(X509_sign(certificate.get(), issuer_key.native(),
                 issuer_key.kind() == KeyKind::Ed25519 ? nullptr : EVP_sha384()) > 0);
  return encoded<i2d_X509>(certificate.get());
}

std::string to_be_signed_of(const std::string& certificate_der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(certificate_der.data());
  const X509Ptr certificate(d2i_X509(nullptr, &bytes, static_cast<long>(certificate_der.size())), X509_free);
  must(certificate != nullptr);
  return encoded<i2d_re_X509_tbs>(certificate.get());
}

}  // namespace tegata::testing
