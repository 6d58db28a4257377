// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/http/test_certificate.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <fstream>
#include <memory>
#include <stdexcept>

namespace tegata::webhook::http::testing {
namespace {

void check(bool ok) {
  if (!ok) throw std::runtime_error("could not make a test certificate");
}

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio, &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "tegata-XXXXXX").string();
  check(::mkdtemp(name.data()) != nullptr);
  folder_ = name;
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}
std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio bio_of(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

void extend(X509* certificate, int nid, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// Without extensions and signature.
Certificate begin(EVP_PKEY* key, const std::string& common_name, int days) {
  Certificate certificate(X509_new(), X509_free);
  check(certificate != nullptr);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3L * 86400);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400L * days);
  auto* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

CertificatePair sign(X509* certificate, EVP_PKEY* key, EVP_PKEY* signing_key) {
  check(X509_sign(certificate, signing_key, EVP_sha256()) > 0);
  const Bio a(BIO_new(BIO_s_mem()), BIO_free);
  const Bio b(BIO_new(BIO_s_mem()), BIO_free);
  check(PEM_write_bio_X509(a.get(), certificate) == 1);
  check(PEM_write_bio_PrivateKey(b.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return {text_of(a.get()), text_of(b.get())};
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  check(key != nullptr);
  return key;
}

}  // namespace

CertificatePair make_certificate(int days) {
  const auto key = new_key();
  const auto certificate = begin(key.get(), "tegata test", days);
  extend(certificate.get(), NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  return sign(certificate.get(), key.get(), key.get());
}

CertificatePair make_authority() {
  const auto key = new_key();
  const auto certificate = begin(key.get(), "test authority", 90);
  extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  return sign(certificate.get(), key.get(), key.get());
}

CertificatePair issue(const CertificatePair& authority, const IssuedNames& names, Purpose purpose, int days) {
  const Certificate issuer(PEM_read_bio_X509(bio_of(authority.certificate).get(), nullptr, nullptr, nullptr),
                           X509_free);
  const Key issuer_key(PEM_read_bio_PrivateKey(bio_of(authority.key).get(), nullptr, nullptr, nullptr),
                       EVP_PKEY_free);
  check(issuer != nullptr && issuer_key != nullptr);
  const auto key = new_key();
  const auto certificate = begin(key.get(), names.common_name, days);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  if (!names.dns_name.empty()) extend(certificate.get(), NID_subject_alt_name, "DNS:" + names.dns_name);
  extend(certificate.get(), NID_ext_key_usage, purpose == Purpose::Client ? "clientAuth" : "serverAuth");
  return sign(certificate.get(), key.get(), issuer_key.get());
}

}  // namespace tegata::webhook::http::testing
