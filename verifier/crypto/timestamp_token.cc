// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/timestamp_token.h"

#include <openssl/err.h>

#include <array>

#include "policy/model/limits.h"
#include "verifier/crypto/asn1_time.h"
#include "verifier/crypto/hash_algorithm.h"
#include "verifier/crypto/openssl_error.h"

namespace tegata::verifier {
namespace {

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

// PKCS7_signatureVerify goes by the key and the digest alone, and does not read what stands here.
bool is_of(const X509_ALGOR* signature, const X509_ALGOR* digest, EVP_PKEY* key) {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, signature);
  const ASN1_OBJECT* digest_object = nullptr;
  X509_ALGOR_get0(&digest_object, nullptr, nullptr, digest);
  int hash = OBJ_obj2nid(digest_object);
  int kind = OBJ_obj2nid(object);  // some write the kind of the key alone
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

}  // namespace

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
  if (!time) return malformed_timestamp("whose genTime is no time in UTC");
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
  // A chain of filters that hash the content while it is read through them.
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
  if (good != 1) return drain_openssl_errors(ErrorCode::Malformed, "a timestamp that was not signed so");
  ERR_clear_error();
  if (openssl_encoded(i2d_X509, owner.get()) != signer.der())
    return malformed_timestamp("that another certificate signed");
  const PKCS7_SIGNER_INFO* info = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token()), 0);
  if (!is_of(info->digest_enc_alg, info->digest_alg, X509_get0_pubkey(owner.get())))
    return malformed_timestamp("whose signature is said to be of another algorithm");
  return done();
}

}  // namespace tegata::verifier
