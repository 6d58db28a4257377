// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/path_search.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "policy/model/printable.h"
#include "verifier/crypto/x509.h"

namespace tegata::verifier {
namespace {

using Purpose = CertificateAuthority::Purpose;
using UsagesPtr = std::unique_ptr<EXTENDED_KEY_USAGE, OpensslFree<EXTENDED_KEY_USAGE_free>>;

bool has_flag(X509* x509, std::uint32_t flag) { return (X509_get_extension_flags(x509) & flag) != 0; }

std::uint32_t usage_of(Purpose purpose) {
  return purpose == Purpose::CodeSigning ? XKU_CODE_SIGN : XKU_TIMESTAMP;
}

/// RFC 3161, 2.3: the extended key usage of a timestamp's signer is critical and only timeStamping.
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

// We set no policy constraints, so certificatePolicies can be ignored. The others are enforced by OpenSSL or
// here.
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
  // The anchor's own signature is not used.
  if (i + 1 < path.size() && !is_strongly_signed(x509))
    return "signed with a hash that is not SHA-256 or better";
  if (has_unknown_critical_extension(x509)) return "an unknown critical extension";
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

namespace {

// RFC 5280, 4.1.2.5: valid through notAfter, inclusive. OpenSSL 3.0 ends one second before it.
int include_the_last_second(int good, X509_STORE_CTX* context) {
  if (good == 1 || X509_STORE_CTX_get_error(context) != X509_V_ERR_CERT_HAS_EXPIRED) return good;
  const X509* certificate = X509_STORE_CTX_get_current_cert(context);
  const std::time_t time = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context));
  if (ASN1_TIME_cmp_time_t(X509_get0_notAfter(certificate), time) != 0) return good;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

void set_time(X509_STORE_CTX* context, std::optional<Time> time) {
  X509_VERIFY_PARAM* settings = X509_STORE_CTX_get0_param(context);
  if (!time) {
    X509_VERIFY_PARAM_set_flags(settings, X509_V_FLAG_NO_CHECK_TIME);
    return;
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
  X509_VERIFY_PARAM_set_time(settings, seconds.time_since_epoch().count());
  X509_STORE_CTX_set_verify_cb(context, include_the_last_second);
}

PathRefusal refusal_of(X509_STORE_CTX* context) {
  using Why = PathRefusal::Why;
  const int error = X509_STORE_CTX_get_error(context);
  const bool is_time = error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
  const X509* certificate = X509_STORE_CTX_get_current_cert(context);
  return {is_time ? Why::NotValidThen : Why::Untrusted,
          (certificate != nullptr ? called(certificate) + ": " : std::string()) +
              X509_verify_cert_error_string(error)};
}

}  // namespace

PathSearch::PathSearch(X509_STORE* store, const Certificate& leaf, std::span<const Certificate> own,
                       std::span<const Certificate> sent)
    : store_(store), leaf_(leaf), own_(own), sent_(sent), untrusted_(stack_of(own)) {
  push_all(untrusted_, sent);
}

std::variant<std::vector<Certificate>, PathRefusal> PathSearch::at(std::optional<Time> time) const {
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (!context ||
      X509_STORE_CTX_init(context.get(), store_, CertificateAccess::x509(leaf_), untrusted_.get()) != 1)
    throw std::bad_alloc();
  set_time(context.get(), time);
  if (X509_verify_cert(context.get()) != 1) return refusal_of(context.get());
  return found(X509_STORE_CTX_get0_chain(context.get()));
}

std::variant<std::vector<Certificate>, PathRefusal> PathSearch::found(STACK_OF(X509) * chain) const {
  std::vector<Certificate> path;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const Certificate* certificate = find(sk_X509_value(chain, i));
    if (certificate == nullptr)
      return PathRefusal{PathRefusal::Why::Untrusted, "a path through an unknown certificate"};
    path.push_back(*certificate);
  }
  return path;
}

const Certificate* PathSearch::find(const X509* x509) const {
  const auto is_it = [x509](const Certificate& one) {
    return X509_cmp(CertificateAccess::x509(one), x509) == 0;
  };
  if (is_it(leaf_)) return &leaf_;
  for (const auto certificates : {own_, sent_})
    if (const auto it = std::find_if(certificates.begin(), certificates.end(), is_it);
        it != certificates.end())
      return &*it;
  return nullptr;
}

}  // namespace tegata::verifier
