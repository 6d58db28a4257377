// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/certificate.h"

#include <openssl/err.h>
#include <openssl/types.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "policy/model/printable.h"
#include "verifier/crypto/openssl_support.h"
#include "verifier/crypto/work_budget.h"

namespace tegata::verifier {
namespace {

/// OpenSSL's search for a path from a leaf through untrusted certificates to the anchor of a
/// store: names, signatures, basicConstraints, pathLen, name constraints and validity. It tries one path
/// and does not backtrack. The authority's own certificates are tried before those sent with the signature.
class PathSearch {
 public:
  /// All of these must outlive it.
  PathSearch(X509_STORE* store, const Certificate& leaf, std::span<const Certificate> own,
             std::span<const Certificate> sent);

  /// Without a time, validity periods are not checked.
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> at(std::optional<Time> time) const;

 private:
  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> found(STACK_OF(X509) * chain) const;
  [[nodiscard]] const Certificate* find(const X509* x509) const;

  X509_STORE* store_;
  const Certificate& leaf_;
  std::span<const Certificate> own_;
  std::span<const Certificate> sent_;
  BorrowedX509Stack untrusted_;
};

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

/// `certificate "common name"`, printable.
std::string called(const X509* certificate) {
  std::array<char, 128> name{};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                                             static_cast<int>(name.size()));
  if (size <= 0) return "certificate without a common name";
  return "certificate " + quoted(std::string_view(name.data()));
}

/// The first broken rule of a path (leaf first, anchor last, signatures and names already verified). Checks
/// the rules that OpenSSL 3.0 does not enforce, or enforces only for its own purposes: issuers are
/// authorities, keyUsage, extended key usage, hashes of signatures, critical extensions that are not
/// processed here.
std::optional<std::string> broken_rule(std::span<const Certificate> path, Purpose purpose) {
  if (path.size() < 2) return "a leaf cannot be its own anchor";
  for (std::size_t i = 0; i < path.size(); ++i)
    if (const auto broken = broken_at(path, i, purpose))
      return called(CertificateAccess::x509(path[i])) + ": " + *broken;
  return std::nullopt;
}

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

std::uint64_t units_of(std::span<const Certificate> signers) {
  std::uint64_t units = 0;
  for (const Certificate& signer : signers) {
    const auto key = signer.public_key();
    const auto name = key.ok() ? key->algorithm() : std::string_view();
    if (name == "ECDSA P-256")
      units += work::kP256;
    else if (name == "ECDSA P-384")
      units += work::kP384;
    else
      units += name.starts_with("RSA") || name == "Ed25519" ? work::kRsa : work::kP384;
  }
  return units;
}

bool all_valid(std::span<const Certificate> path, Time time) {
  return std::all_of(path.begin(), path.end(), [time](const Certificate& one) {
    return one.not_before() <= time && time <= one.not_after();
  });
}

}  // namespace

struct CertificateAuthority::Parsed {
  std::vector<Certificate> chain;
  Purpose purpose;
  X509StorePtr store;   ///< holds the anchor only: every certificate in a store is an anchor
  std::uint64_t units;  ///< of the signatures that its certificates' keys made, see WorkBudget

  [[nodiscard]] std::variant<std::vector<Certificate>, PathRefusal> search(
      const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const;
};

std::variant<std::vector<Certificate>, PathRefusal> CertificateAuthority::Parsed::search(
    const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const {
  using Why = PathRefusal::Why;
  const PathSearch search(store.get(), leaf, chain, untrusted);
  auto then = search.at(time);
  const auto* refusal = std::get_if<PathRefusal>(&then);
  if (refusal != nullptr && refusal->why == Why::Untrusted) return then;
  // NotValidThen requires a path that is trusted at another time.
  auto path = refusal == nullptr ? then : search.at(std::nullopt);
  if (path.index() == 1) return path;
  const auto& certificates = std::get<std::vector<Certificate>>(path);
  if (auto broken = broken_rule(certificates, purpose))
    return PathRefusal{Why::Untrusted, *std::move(broken)};
  if (refusal != nullptr) return then;
  // OpenSSL's times are whole seconds.
  if (!all_valid(certificates, time)) return PathRefusal{Why::NotValidThen, "a certificate has expired"};
  return path;
}

Result<CertificateAuthority> CertificateAuthority::of(std::vector<Certificate> chain, Purpose purpose) {
  if (chain.empty()) return Error{ErrorCode::Malformed, "a certificate authority without a certificate"};
  for (const Certificate& certificate : chain)
    if (!certificate.is_authority())
      return Error{ErrorCode::Malformed,
                   called(CertificateAccess::x509(certificate)) + " is not a certificate authority"};
  X509StorePtr store = store_with(chain.back());
  const auto units = units_of(chain);
  return CertificateAuthority(
      std::make_shared<Parsed>(Parsed{std::move(chain), purpose, std::move(store), units}));
}

std::variant<std::vector<Certificate>, PathRefusal> CertificateAuthority::path(
    const Certificate& leaf, std::span<const Certificate> untrusted, Time time) const {
  // A certificate that was sent may sign the next one, if the chain before it is good.
  const auto others = std::count_if(untrusted.begin(), untrusted.end(), [&](const Certificate& sent) {
    return std::none_of(chain().begin(), chain().end(),
                        [&](const Certificate& own) { return own.id() == sent.id(); });
  });
  if (!WorkBudget::take(parsed_->units + static_cast<std::uint64_t>(others) * work::kP384))
    return PathRefusal{PathRefusal::Why::Untrusted, beyond_the_work_budget().message};
  ERR_clear_error();
  auto path = parsed_->search(leaf, untrusted, time);
  ERR_clear_error();
  return path;
}

const std::vector<Certificate>& CertificateAuthority::chain() const noexcept { return parsed_->chain; }

}  // namespace tegata::verifier
