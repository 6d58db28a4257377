// SPDX-License-Identifier: Apache-2.0
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "policy/model/limits.h"
#include "policy/model/result.h"
#include "verifier/crypto/hash.h"
#include "verifier/crypto/key_algorithm.h"
#include "verifier/crypto/openssl_support.h"
#include "verifier/crypto/public_key.h"
#include "verifier/crypto/work_budget.h"

namespace tegata::verifier {
namespace {

/// One key with one hash, ready to check signatures: an EVP_PKEY_CTX that is set up once and
/// duplicated for each check, so that algorithms are looked up only when a key is read.
class EvpVerifier {
 public:
  /// `padding` is OpenSSL's RSA padding, or 0 for keys without one; `units`: the work of one check.
  [[nodiscard]] static Result<EvpVerifier> create(EVP_PKEY* key, HashAlgorithm hash, int padding,
                                                  std::uint64_t units);

  /// Thread-safe. False for every other result of OpenSSL than "good", if only another hash of the
  /// message is known, and beyond the WorkBudget. OpenSSL's error queue is empty afterwards.
  [[nodiscard]] bool verifies(const SignedMessage& message, std::string_view signature) const;
  [[nodiscard]] HashAlgorithm hash_algorithm() const noexcept { return hash_; }

 private:
  EvpVerifier(EvpPkeyCtxPtr context, HashAlgorithm hash, std::uint64_t units)
      : context_(std::move(context)), hash_(hash), units_(units) {}
  EvpPkeyCtxPtr context_;
  HashAlgorithm hash_;
  std::uint64_t units_;
};

std::string encoded(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

/// Parses a SubjectPublicKeyInfo. The bytes must be the DER that OpenSSL itself would write: no trailing
/// bytes, and one encoding for each key.
Result<EvpPkeyPtr> read_spki(std::string_view der) {
  ERR_clear_error();
  const unsigned char* cursor = openssl_bytes(der);
  EvpPkeyPtr key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(der.size())));
  if (!key) return drain_openssl_errors(ErrorCode::Malformed, "not a public key in DER");
  if (encoded(key.get()) != der)
    return drain_openssl_errors(ErrorCode::Malformed, "not the DER encoding of that public key");
  ERR_clear_error();
  return key;
}

Result<EvpVerifier> EvpVerifier::create(EVP_PKEY* key, HashAlgorithm hash, int padding, std::uint64_t units) {
  ERR_clear_error();
  EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_verify_init(context.get()) != 1 ||
      (padding != 0 && EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1) ||
      EVP_PKEY_CTX_set_signature_md(context.get(), openssl_digest(hash)) != 1)
    return drain_openssl_errors(ErrorCode::Internal, "OpenSSL cannot check signatures with this key");
  return EvpVerifier(std::move(context), hash, units);
}

bool EvpVerifier::verifies(const SignedMessage& message, std::string_view signature) const {
  const std::size_t hashed = message.bytes() ? message.bytes()->size() : 0;
  if (!WorkBudget::take(units_ + work::of_hash(hashed))) return false;
  const std::optional<std::string> digest = message.digest(hash_);
  if (!digest) return false;
  ERR_clear_error();
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_dup(context_.get()));
  const bool good = context && EVP_PKEY_verify(context.get(), openssl_bytes(signature), signature.size(),
                                               openssl_bytes(*digest), digest->size()) == 1;
  ERR_clear_error();
  return good;
}

using namespace std::literals;

// A curve is identified by the whole prefix of its SubjectPublicKeyInfo up to the 0x04 of an uncompressed
// point (RFC 5480): named curves only, and one encoding for each key.
struct Curve {
  std::string_view name;
  const char* group;
  std::string_view spki_head;
  std::size_t scalar_bytes;
  HashAlgorithm own_hash;
  std::uint64_t units;  ///< see WorkBudget
};

constexpr auto kEcOid = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"sv;
constexpr std::array kCurves = {
    Curve{
        "ECDSA P-256", "P-256",
        "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04"sv,
        32, HashAlgorithm::Sha256, work::kP256},
    Curve{
        "ECDSA P-384", "P-384",
        "\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04"sv,
        48, HashAlgorithm::Sha384, work::kP384},
    Curve{
        "ECDSA P-521", "P-521",
        "\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00\x04"sv,
        66, HashAlgorithm::Sha512, work::kP521},
};

class EcdsaKey final : public KeyAlgorithm {
 public:
  EcdsaKey(const Curve& curve, std::vector<EvpVerifier> variants)
      : curve_(curve), variants_(std::move(variants)) {}

  std::string_view name() const noexcept override { return curve_.name; }

  SignatureCheck check(const SignedMessage& message, std::string_view signature) const override {
    if (!is_ecdsa_der(signature, curve_.scalar_bytes)) return SignatureCheck::Malformed;
    const bool good = std::any_of(variants_.begin(), variants_.end(), [&](const EvpVerifier& variant) {
      return variant.verifies(message, signature);
    });
    return good ? SignatureCheck::Good : SignatureCheck::NotByThisKey;
  }

  SignatureCheck check_log(std::string_view message, std::string_view signature) const override {
    if (!is_ecdsa_der(signature, curve_.scalar_bytes)) return SignatureCheck::Malformed;
    const bool good = std::any_of(variants_.begin(), variants_.end(), [&](const EvpVerifier& variant) {
      return variant.hash_algorithm() == HashAlgorithm::Sha256 &&
             variant.verifies(SignedMessage::of_bytes(message), signature);
    });
    return good ? SignatureCheck::Good : SignatureCheck::NotByThisKey;
  }

 private:
  const Curve& curve_;
  std::vector<EvpVerifier> variants_;
};

// Built directly from the point: OpenSSL's decoders cost as much as checking a signature. OpenSSL checks that
// the point is on the curve.
Result<EvpPkeyPtr> key_on(const Curve& curve, std::string_view der) {
  const std::string_view point = der.substr(curve.spki_head.size() - 1);  // with its 0x04
  if (point.size() != 1 + 2 * curve.scalar_bytes)
    return Error{ErrorCode::Malformed, "an elliptic curve key that is truncated or has trailing bytes"};
  ERR_clear_error();
  const std::array parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char*>(curve.group), 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<char*>(point.data()),
                                        point.size()),
      OSSL_PARAM_construct_end()};
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(parameters.data())) != 1)
    return drain_openssl_errors(ErrorCode::Malformed,
                                "an elliptic curve key whose point is not on its curve");
  return EvpPkeyPtr(key);
}

const Curve* curve_of(std::string_view der) {
  const auto found = std::find_if(kCurves.begin(), kCurves.end(),
                                  [&](const Curve& curve) { return der.starts_with(curve.spki_head); });
  return found == kCurves.end() ? nullptr : &*found;
}

}  // namespace

Result<KeyAlgorithmPtr> read_ecdsa_key(std::string_view der) {
  const Curve* curve = curve_of(der);
  if (curve == nullptr) {
    // The algorithm identifier is the second element; its OID is within the first bytes.
    if (der.substr(0, 16).find(kEcOid) == std::string_view::npos) return KeyAlgorithmPtr{};
    return Error{ErrorCode::Malformed,
                 "an elliptic curve key must be on P-256, P-384 or P-521, named, with an uncompressed point"};
  }
  TEGATA_TRY(const EvpPkeyPtr key, key_on(*curve, der));
  std::vector<EvpVerifier> variants;
  TEGATA_TRY(EvpVerifier own, EvpVerifier::create(key.get(), curve->own_hash, 0, curve->units));
  variants.push_back(std::move(own));
  if (curve->own_hash != HashAlgorithm::Sha256) {
    // cosign 2 and all of cosign's simple signing hash with SHA-256 for every curve.
    TEGATA_TRY(EvpVerifier sha256, EvpVerifier::create(key.get(), HashAlgorithm::Sha256, 0, curve->units));
    variants.push_back(std::move(sha256));
  }
  return KeyAlgorithmPtr(std::make_shared<EcdsaKey>(*curve, std::move(variants)));
}

namespace {

using BignumPtr = std::unique_ptr<BIGNUM, OpensslFree<BN_free>>;

class RsaKey final : public KeyAlgorithm {
 public:
  RsaKey(int bits, EvpVerifier verifier)
      : name_("RSA " + std::to_string(bits)),
        bytes_((static_cast<std::size_t>(bits) + 7) / 8),
        verifier_(std::move(verifier)) {}

  std::string_view name() const noexcept override { return name_; }

  SignatureCheck check(const SignedMessage& message, std::string_view signature) const override {
    if (signature.size() != bytes_) return SignatureCheck::Malformed;
    return verifier_.verifies(message, signature) ? SignatureCheck::Good : SignatureCheck::NotByThisKey;
  }

  SignatureCheck check_log(std::string_view message, std::string_view signature) const override {
    return check(SignedMessage::of_bytes(message), signature);
  }

 private:
  std::string name_;
  std::size_t bytes_;
  EvpVerifier verifier_;
};

BignumPtr parameter(EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &value) != 1) return nullptr;
  return BignumPtr(value);
}

Status acceptable(EVP_PKEY* key) {
  const BignumPtr n = parameter(key, OSSL_PKEY_PARAM_RSA_N);
  const BignumPtr e = parameter(key, OSSL_PKEY_PARAM_RSA_E);
  if (!n || !e) return drain_openssl_errors(ErrorCode::Malformed, "an RSA key without modulus or exponent");
  if (BN_num_bits(n.get()) < limits::kRsaLeastModulusBits || BN_num_bits(n.get()) > limits::kRsaModulusBits)
    return Error{ErrorCode::Malformed, "an RSA key must have 2048 to 4096 bits, this one has " +
                                           std::to_string(BN_num_bits(n.get()))};
  if (BN_is_odd(n.get()) != 1) return Error{ErrorCode::Malformed, "an RSA key with an even modulus"};
  if (BN_is_odd(e.get()) != 1 || BN_is_one(e.get()) == 1 || BN_num_bits(e.get()) > limits::kRsaExponentBits)
    return Error{ErrorCode::Malformed, "an RSA key's exponent must be odd, 3 or more, and below 2^64"};
  return done();
}

}  // namespace

Result<KeyAlgorithmPtr> read_rsa_key(std::string_view der) {
  TEGATA_TRY(const EvpPkeyPtr key, read_spki(der));
  // An RSASSA-PSS key is "RSA-PSS" here, and is not this type.
  if (EVP_PKEY_is_a(key.get(), "RSA") != 1) return KeyAlgorithmPtr{};
  TEGATA_CHECK(acceptable(key.get()));
  TEGATA_TRY(EvpVerifier verifier,
             EvpVerifier::create(key.get(), HashAlgorithm::Sha256, RSA_PKCS1_PADDING, work::kRsa));
  return KeyAlgorithmPtr(std::make_shared<RsaKey>(EVP_PKEY_get_bits(key.get()), std::move(verifier)));
}

}  // namespace tegata::verifier
