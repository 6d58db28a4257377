// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signed_timestamp.h"

#include <openssl/err.h>
#include <openssl/ts.h>

#include <array>
#include <string_view>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/openssl_support.h"
#include "verifier/crypto/work_budget.h"

namespace tegata::verifier {
namespace {

/// A granted TimeStampResp (RFC 3161), read and not verified.
class TimestampToken {
 public:
  /// Malformed: not one TimeStampResp in DER, not granted, another version than 1, no genTime in UTC, a
  /// critical extension, or not signed by exactly one. LimitExceeded.
  [[nodiscard]] static Result<TimestampToken> parse(std::string_view response);

  [[nodiscard]] Time time() const noexcept { return time_; }
  /// Whether its imprint is the hash of this message, with SHA-256, 384 or 512.
  [[nodiscard]] bool is_over(std::string_view message) const;
  /// The certificates in the token; those that cannot be parsed are skipped.
  [[nodiscard]] std::vector<Certificate> bag() const;
  /// The certificate that the SignerInfo names; `known` is searched before the certificates in the token.
  [[nodiscard]] Result<Certificate> named_signer(std::span<const Certificate> known) const;
  /// Whether the key of `signer` made the signature over this token and its attributes. A cheap check that
  /// comes first: it does not verify the certificate.
  [[nodiscard]] bool is_signed_by(const Certificate& signer) const;
  /// Whether exactly `signer` made the signature over this token, with a chain in `path` that leads to the
  /// store's anchor; and whether its attributes, including ESSCertID, match the signer and the token.
  [[nodiscard]] Status check_signature(const Certificate& signer, std::span<const Certificate> path,
                                       X509_STORE* store) const;

 private:
  using ResponsePtr = std::unique_ptr<TS_RESP, OpensslFree<TS_RESP_free>>;
  TimestampToken(ResponsePtr response, Time time) : response_(std::move(response)), time_(time) {}
  [[nodiscard]] PKCS7* token() const { return TS_RESP_get_token(response_.get()); }

  ResponsePtr response_;
  Time time_;
};

using BioChainPtr = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;

Error malformed_timestamp(std::string_view what) {
  return {ErrorCode::Malformed, "a timestamp " + std::string(what)};
}

std::optional<HashAlgorithm> hash_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* object = nullptr;
  int parameter = V_ASN1_UNDEF;
  X509_ALGOR_get0(&object, &parameter, nullptr, algorithm);
  // RFC 5754, 2: absent, or NULL.
  if (parameter != V_ASN1_UNDEF && parameter != V_ASN1_NULL) return std::nullopt;
  switch (OBJ_obj2nid(object)) {
    case NID_sha256:
      return HashAlgorithm::Sha256;
    case NID_sha384:
      return HashAlgorithm::Sha384;
    case NID_sha512:
      return HashAlgorithm::Sha512;
    default:
      return std::nullopt;
  }
}

// RFC 3161, 2.4.2: granted or grantedWithMods.
bool is_granted(TS_RESP* response) {
  const ASN1_INTEGER* status = TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response));
  std::int64_t number = -1;
  return ASN1_INTEGER_get_int64(&number, status) == 1 && (number == 0 || number == 1);
}

// CMS (RFC 5652, 5.1 and 5.3): 3, as the content is not id-data; 1, as the signer is named by issuer and
// serial.
bool has_version(const ASN1_INTEGER* version, std::int64_t wanted) {
  std::int64_t number = -1;
  return ASN1_INTEGER_get_int64(&number, version) == 1 && number == wanted;
}

// PKCS7_signatureVerify uses only the key and the digest, and ignores this field.
bool is_of(const X509_ALGOR* signature, const X509_ALGOR* digest, EVP_PKEY* key) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, signature);
  const ASN1_OBJECT* digest_object = nullptr;
  X509_ALGOR_get0(&digest_object, nullptr, nullptr, digest);
  int hash = OBJ_obj2nid(digest_object);
  int kind = OBJ_obj2nid(object);  // some authorities write only the key type
  OBJ_find_sigid_algs(OBJ_obj2nid(object), &hash, &kind);
  return hash == OBJ_obj2nid(digest_object) && kind == EVP_PKEY_get_base_id(key);
}

bool are_hashes(const STACK_OF(X509_ALGOR) * algorithms) {
  for (int i = 0; i < sk_X509_ALGOR_num(algorithms); ++i)
    if (!hash_of(sk_X509_ALGOR_value(algorithms, i))) return false;
  return true;
}

Status check_signer_info(PKCS7* token) {
  if (PKCS7_type_is_signed(token) != 1 || token->d.sign == nullptr)
    return malformed_timestamp("that is not signed");
  STACK_OF(PKCS7_SIGNER_INFO)* signers = PKCS7_get_signer_info(token);
  if (sk_PKCS7_SIGNER_INFO_num(signers) != 1) return malformed_timestamp("must have one signer");
  PKCS7_SIGNER_INFO* signer = sk_PKCS7_SIGNER_INFO_value(signers, 0);
  if (!has_version(token->d.sign->version, 3) || !has_version(signer->version, 1))
    return malformed_timestamp("in another version of SignedData");
  if (!hash_of(signer->digest_alg) || !are_hashes(token->d.sign->md_algs))
    return malformed_timestamp("signed with a hash that is not SHA-256, 384 or 512");
  const ASN1_TYPE* type = PKCS7_get_signed_attribute(signer, NID_pkcs9_contentType);
  if (type == nullptr || type->type != V_ASN1_OBJECT ||
      OBJ_obj2nid(type->value.object) != NID_id_smime_ct_TSTInfo)
    return malformed_timestamp("whose signer did not say that it is one");
  return done();
}

Result<TimestampToken> TimestampToken::parse(std::string_view bytes) {
  if (bytes.size() > limits::kTimestampResponse)
    return Error{ErrorCode::LimitExceeded, "a timestamp of " + std::to_string(bytes.size()) + " bytes"};
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(bytes);
  ResponsePtr response(d2i_TS_RESP(nullptr, &cursor, static_cast<long>(bytes.size())));
  if (!response || cursor != openssl_bytes(bytes) + bytes.size())
    return drain_openssl_errors(ErrorCode::Malformed, "not one TimeStampResp in DER");
  PKCS7* token = TS_RESP_get_token(response.get());
  TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
  if (!is_granted(response.get()) || token == nullptr || info == nullptr)
    return malformed_timestamp("that was not granted");
  TEGATA_CHECK(check_signer_info(token));
  if (TS_TST_INFO_get_version(info) != 1) return malformed_timestamp("of another version than 1");
  if (TS_TST_INFO_get_ext_by_critical(info, 1, -1) >= 0)
    return malformed_timestamp("with a critical extension");
  const auto time = time_of(TS_TST_INFO_get_time(info));
  if (!time) return malformed_timestamp("whose genTime is not a time in UTC");
  return TimestampToken(std::move(response), *time);
}

bool TimestampToken::is_over(std::string_view message) const {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(TS_RESP_get_tst_info(response_.get()));
  const auto algorithm = hash_of(TS_MSG_IMPRINT_get_algo(imprint));
  return algorithm && openssl_view(TS_MSG_IMPRINT_get_msg(imprint)) == hash(*algorithm, message);
}

std::vector<Certificate> TimestampToken::bag() const {
  std::vector<Certificate> certificates;
  const STACK_OF(X509)* bag = token()->d.sign->cert;
  for (int i = 0; i < sk_X509_num(bag) && certificates.size() < limits::kCertificateChain; ++i)
    if (auto certificate = CertificateAccess::read(sk_X509_value(bag, i)); certificate.ok())
      certificates.push_back(*std::move(certificate));
  return certificates;
}

Result<Certificate> TimestampToken::named_signer(std::span<const Certificate> known) const {
  ERR_clear_error();
  const BorrowedX509Stack first = stack_of(known);
  const BorrowedX509Stack signers(PKCS7_get0_signers(token(), first.get(), 0));
  if (!signers || sk_X509_num(signers.get()) != 1)
    return drain_openssl_errors(ErrorCode::Malformed, "a timestamp whose signer is not known");
  return CertificateAccess::read(sk_X509_value(signers.get(), 0));
}

bool TimestampToken::is_signed_by(const Certificate& signer) const {
  ERR_clear_error();
  // A chain of filters that hash the content while it is read.
  const BioChainPtr content(PKCS7_dataInit(token(), nullptr));
  std::array<char, 4096> piece{};
  while (content && BIO_read(content.get(), piece.data(), static_cast<int>(piece.size())) > 0) continue;
  PKCS7_SIGNER_INFO* info = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token()), 0);
  const bool good =
      content && PKCS7_signatureVerify(content.get(), token(), info, CertificateAccess::x509(signer)) == 1;
  ERR_clear_error();
  return good;
}

Status TimestampToken::check_signature(const Certificate& signer, std::span<const Certificate> path,
                                       X509_STORE* store) const {
  ERR_clear_error();
  const BorrowedX509Stack certificates = stack_of(path);
  X509* signed_by = nullptr;
  const int good = TS_RESP_verify_signature(token(), certificates.get(), store, &signed_by);
  const X509Ptr owner(signed_by);
  if (good != 1) return drain_openssl_errors(ErrorCode::Malformed, "a timestamp whose signature is invalid");
  ERR_clear_error();
  if (openssl_encoded(i2d_X509, owner.get()) != signer.der())
    return malformed_timestamp("that another certificate signed");
  const PKCS7_SIGNER_INFO* info = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token()), 0);
  if (!is_of(info->digest_enc_alg, info->digest_alg, X509_get0_pubkey(owner.get())))
    return malformed_timestamp("whose signatureAlgorithm does not match the key");
  return done();
}

}  // namespace

struct TimestampAuthority::Parsed {
  std::vector<Certificate> pinned;  ///< the leaf, or nothing
  CertificateAuthority authority;
  X509StorePtr leaf_store;    ///< of the pinned leaf only; null without one
  X509StorePtr anchor_store;  ///< for OpenSSL's check of a token, without a time: `authority` checks that

  /// Whether `signer` made the token. Its path is already verified: with the signer as the end of the path,
  /// OpenSSL does not verify it again. A token that also names its issuers needs them in the path.
  [[nodiscard]] Status check_signature(const TimestampToken& token, const Certificate& signer,
                                       std::span<const Certificate> path) const {
    if (leaf_store && token.check_signature(signer, path.first(1), leaf_store.get()).ok()) return done();
    return token.check_signature(signer, path, anchor_store.get());
  }
};

Result<TimestampAuthority> TimestampAuthority::of(std::vector<Certificate> chain) {
  std::vector<Certificate> pinned;
  if (!chain.empty() && !chain.front().is_authority()) {
    pinned.push_back(chain.front());
    chain.erase(chain.begin());
  }
  TEGATA_TRY(CertificateAuthority authority,
             CertificateAuthority::of(std::move(chain), CertificateAuthority::Purpose::TimeStamping));
  X509StorePtr leaf_store = pinned.empty() ? nullptr : store_with(pinned.front(), X509_V_FLAG_NO_CHECK_TIME);
  X509StorePtr anchor_store = store_with(authority.chain().back(), X509_V_FLAG_NO_CHECK_TIME);
  return TimestampAuthority(std::make_shared<Parsed>(
      Parsed{std::move(pinned), std::move(authority), std::move(leaf_store), std::move(anchor_store)}));
}

Result<Time> TimestampAuthority::verify(std::string_view response, std::string_view message) const {
  if (!WorkBudget::take(work::kParseTimestamp + work::of_hash(message.size())))
    return beyond_the_work_budget();
  TEGATA_TRY(const TimestampToken token, TimestampToken::parse(response));
  TEGATA_TRY(const Certificate signer, token.named_signer(parsed_->pinned));
  if (!parsed_->pinned.empty() && signer.id() != parsed_->pinned.front().id())
    return Error{ErrorCode::Malformed, "a timestamp by another signer than the authority's"};
  if (!token.is_over(message)) return Error{ErrorCode::Malformed, "a timestamp of other data"};
  // Before the path search, so that forged tokens are cheap to refuse.
  if (!WorkBudget::take(2 * work::kTimestampSignature)) return beyond_the_work_budget();
  if (!token.is_signed_by(signer))
    return Error{ErrorCode::Malformed, "a timestamp whose signature is invalid"};
  const auto path = parsed_->authority.path(signer, token.bag(), token.time());
  if (const auto* refusal = std::get_if<PathRefusal>(&path))
    return Error{ErrorCode::Malformed, "a timestamp whose signer is not trusted: " + refusal->detail};
  TEGATA_CHECK(parsed_->check_signature(token, signer, std::get<std::vector<Certificate>>(path)));
  return token.time();
}

}  // namespace tegata::verifier
