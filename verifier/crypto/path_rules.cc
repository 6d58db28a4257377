// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/path_rules.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "policy/model/printable.h"
#include "verifier/crypto/certificate_access.h"

namespace tegata::verifier {
namespace {

using Purpose = CertificateAuthority::Purpose;
using UsagesPtr = std::unique_ptr<EXTENDED_KEY_USAGE, OpensslFree<EXTENDED_KEY_USAGE_free>>;

bool has_flag(X509* x509, std::uint32_t flag) { return (X509_get_extension_flags(x509) & flag) != 0; }

std::uint32_t usage_of(Purpose purpose) {
  return purpose == Purpose::CodeSigning ? XKU_CODE_SIGN : XKU_TIMESTAMP;
}

/// RFC 3161, 2.3: the extended key usage of a timestamp's signer is critical and timeStamping alone.
bool is_for_timestamps_alone(X509* leaf) {
  int critical = 0;
  const UsagesPtr usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(leaf, NID_ext_key_usage, &critical, nullptr)));
  return usages && critical == 1 && sk_ASN1_OBJECT_num(usages.get()) == 1;
}

std::optional<std::string> broken_by_leaf(X509* leaf, Purpose purpose) {
  if (has_flag(leaf, EXFLAG_CA)) return "the leaf is a certificate authority";
  if (!has_flag(leaf, EXFLAG_KUSAGE) || (X509_get_key_usage(leaf) & KU_DIGITAL_SIGNATURE) == 0)
    return "its keyUsage is not digitalSignature";
  if (!has_flag(leaf, EXFLAG_XKUSAGE) || (X509_get_extended_key_usage(leaf) & usage_of(purpose)) == 0)
    return purpose == Purpose::CodeSigning ? "its extended key usage is not codeSigning"
                                           : "its extended key usage is not timeStamping";
  if (purpose == Purpose::TimeStamping && !is_for_timestamps_alone(leaf))
    return "its extended key usage must be critical and timeStamping alone";
  return std::nullopt;
}

std::optional<std::string> broken_by_issuer(X509* issuer, Purpose purpose) {
  if (!has_flag(issuer, EXFLAG_CA)) return "an issuer must be a certificate authority";
  // RFC 5280, 6.1.4 (n): where the extension is present.
  if (has_flag(issuer, EXFLAG_KUSAGE) && (X509_get_key_usage(issuer) & KU_KEY_CERT_SIGN) == 0)
    return "an issuer's keyUsage must be keyCertSign";
  if (has_flag(issuer, EXFLAG_XKUSAGE) &&
      (X509_get_extended_key_usage(issuer) & (usage_of(purpose) | XKU_ANYEKU)) == 0)
    return "an issuer's extended key usage does not include its leaf's";
  return std::nullopt;
}

bool is_strongly_signed(X509* x509) {
  int hash = NID_undef;
  int key = NID_undef;
  if (X509_get_signature_info(x509, &hash, &key, nullptr, nullptr) != 1) return false;
  return hash == NID_sha256 || hash == NID_sha384 || hash == NID_sha512 ||
         (hash == NID_undef && key == NID_ED25519);
}

// certificatePolicies bind nobody who asks for no policy; all the others are enforced, by OpenSSL or here.
bool is_processed(const X509_EXTENSION* extension) {
  static constexpr std::array kProcessed{NID_basic_constraints, NID_key_usage,
                                         NID_ext_key_usage,     NID_subject_alt_name,
                                         NID_name_constraints,  NID_certificate_policies};
  const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(const_cast<X509_EXTENSION*>(extension)));
  return std::find(kProcessed.begin(), kProcessed.end(), nid) != kProcessed.end();
}

bool has_unknown_critical_extension(X509* x509) {
  for (int i = 0; i < X509_get_ext_count(x509); ++i) {
    const X509_EXTENSION* extension = X509_get_ext(x509, i);
    if (X509_EXTENSION_get_critical(extension) == 1 && !is_processed(extension)) return true;
  }
  return false;
}

std::optional<std::string> broken_at(std::span<const Certificate> path, std::size_t i, Purpose purpose) {
  X509* x509 = CertificateAccess::x509(path[i]);
  // Nobody relies on the anchor's own signature.
  if (i + 1 < path.size() && !is_strongly_signed(x509))
    return "signed with a hash that is not SHA-256 or better";
  if (has_unknown_critical_extension(x509)) return "a critical extension that is not known";
  return i == 0 ? broken_by_leaf(x509, purpose) : broken_by_issuer(x509, purpose);
}

}  // namespace

std::optional<std::string> broken_rule(std::span<const Certificate> path, Purpose purpose) {
  if (path.size() < 2) return "a leaf cannot be its own anchor";
  for (std::size_t i = 0; i < path.size(); ++i)
    if (const auto broken = broken_at(path, i, purpose))
      return called(CertificateAccess::x509(path[i])) + ": " + *broken;
  return std::nullopt;
}

std::string called(const X509* certificate) {
  std::array<char, 128> name{};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                                             static_cast<int>(name.size()));
  if (size <= 0) return "certificate without a common name";
  return "certificate " + quoted(std::string_view(name.data()));
}

}  // namespace tegata::verifier
