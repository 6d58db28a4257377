// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/certificate.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "verifier/crypto/asn1.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/openssl_support.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/crypto/work_budget.h"

namespace tegata::verifier {
namespace {

using ObjectPtr = std::unique_ptr<ASN1_OBJECT, OpensslFree<ASN1_OBJECT_free>>;

Result<X509Ptr> read_x509(std::string_view der) {
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(der);
  X509Ptr x509(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  if (!x509) return drain_openssl_errors(ErrorCode::Malformed, "not a certificate in DER");
  if (openssl_encoded(i2d_X509, x509.get()) != der)
    return Error{ErrorCode::Malformed, "not the DER of exactly one certificate"};
  if (X509_get_version(x509.get()) != X509_VERSION_3)
    return Error{ErrorCode::Malformed, "a certificate must be X.509 v3"};
  // Reads the extensions into OpenSSL's cache: after this the certificate is not modified.
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
  // Of a certificate that is remembered too: the count must not depend on what came before.
  if (!WorkBudget::take(work::kParseCertificate)) return beyond_the_work_budget();
  thread_local RecentAuthorities recent;
  if (auto known = recent.find(der)) return *std::move(known);
  TEGATA_TRY(X509Ptr x509, read_x509(der));
  const auto not_before = time_of(X509_get0_notBefore(x509.get()));
  const auto not_after = time_of(X509_get0_notAfter(x509.get()));
  if (!not_before || !not_after)
    return Error{ErrorCode::Malformed, "a certificate whose notBefore or notAfter is not a time in UTC"};
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
  if (!object) return drain_openssl_errors(ErrorCode::Internal, oid + " is not an object identifier");
  X509* x509 = parsed_->x509.get();
  const int index = X509_get_ext_by_OBJ(x509, object.get(), -1);
  if (index < 0) return std::optional<std::string>();
  if (X509_get_ext_by_OBJ(x509, object.get(), index) >= 0)
    return Error{ErrorCode::Malformed, "a certificate with duplicate extension " + oid};
  return std::optional(std::string(openssl_view(X509_EXTENSION_get_data(X509_get_ext(x509, index)))));
}

namespace {

using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslFree<GENERAL_NAMES_free>>;

Error malformed_name(std::string_view what) {
  return {ErrorCode::Malformed, "a subject alternative name that " + std::string(what)};
}

/// Fulcio's `user!domain` (oid-info.md, 1.3.6.1.4.1.57264.1.7).
Result<std::string> other_name(const OTHERNAME& name) {
  std::array<char, 64> oid{};
  OBJ_obj2txt(oid.data(), static_cast<int>(oid.size()), name.type_id, 1);
  if (std::string_view(oid.data()) != "1.3.6.1.4.1.57264.1.7" || name.value->type != V_ASN1_UTF8STRING)
    return malformed_name("is an otherName of an unsupported type");
  return std::string(openssl_view(name.value->value.utf8string));
}

Result<std::string> ip_address(const ASN1_OCTET_STRING* address) {
  const std::string_view octets = openssl_view(address);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (octets.size() != 4 && octets.size() != 16) return malformed_name("is not an IP address");
  if (::inet_ntop(octets.size() == 4 ? AF_INET : AF_INET6, octets.data(), text.data(), text.size()) ==
      nullptr)
    return malformed_name("is not an IP address");
  return std::string(text.data());
}

Result<std::string> text_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_URI:
    case GEN_EMAIL:
    case GEN_DNS:
      return std::string(openssl_view(name.d.ia5));
    case GEN_IPADD:
      return ip_address(name.d.iPAddress);
    case GEN_OTHERNAME:
      return other_name(*name.d.otherName);
    default:
      return malformed_name("is of an unsupported type");
  }
}

// IA5String has 7-bit characters; OpenSSL does not check this.
bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) > 0x7f) return false;
  return true;
}

Result<std::string> read_name(const GENERAL_NAME& name) {
  TEGATA_TRY(std::string text, text_of(name));
  if (text.empty()) return malformed_name("is empty");
  if (!is_plain_text(text) || (name.type != GEN_OTHERNAME && !is_ascii(text)))
    return malformed_name("contains NUL, a control character or bytes that are not text");
  return text;
}

}  // namespace

Result<std::vector<std::string>> Certificate::subject_alternative_names() const {
  int found = 0;
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(parsed_->x509.get(), NID_subject_alt_name, &found, nullptr)));
  ERR_clear_error();
  if (!names && found == -1) return std::vector<std::string>();
  if (!names) return malformed_name("cannot be read");
  const int count = sk_GENERAL_NAME_num(names.get());
  if (static_cast<std::size_t>(count) > limits::kAlternativeNames)
    return Error{ErrorCode::LimitExceeded,
                 "more than " + std::to_string(limits::kAlternativeNames) + " subject alternative names"};
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    TEGATA_TRY(std::string text, read_name(*sk_GENERAL_NAME_value(names.get(), i)));
    texts.push_back(std::move(text));
  }
  return texts;
}

std::optional<Certificate> RecentAuthorities::find(std::string_view der) const {
  for (const auto& certificate : kept_)
    if (certificate && certificate->der() == der) return certificate;
  return std::nullopt;
}

void RecentAuthorities::keep(const Certificate& certificate) {
  if (!certificate.is_authority()) return;
  kept_[next_] = certificate;
  next_ = (next_ + 1) % kept_.size();
}

}  // namespace tegata::verifier
