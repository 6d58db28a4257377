// SPDX-License-Identifier: Apache-2.0
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "verifier/crypto/ecdsa_der.h"
#include "verifier/crypto/evp_verifier.h"
#include "verifier/crypto/key_algorithm.h"
#include "verifier/crypto/openssl_error.h"

namespace tegata::verifier {
namespace {

using namespace std::literals;

// A curve is known by the whole head of its SubjectPublicKeyInfo up to the 0x04 of an uncompressed
// point (RFC 5480): named curves only, and one spelling for each key.
struct Curve {
  std::string_view name;
  const char* group;
  std::string_view spki_head;
  std::size_t scalar_bytes;
  HashAlgorithm own_hash;
};

constexpr auto kEcOid = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"sv;
constexpr std::array kCurves = {
    Curve{
        "ECDSA P-256", "P-256",
        "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04"sv,
        32, HashAlgorithm::Sha256},
    Curve{
        "ECDSA P-384", "P-384",
        "\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04"sv,
        48, HashAlgorithm::Sha384},
    Curve{
        "ECDSA P-521", "P-521",
        "\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00\x04"sv,
        66, HashAlgorithm::Sha512},
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

// Straight from the point: OpenSSL's way over its decoders costs as much as checking a signature. That the
// point is on the curve is checked there.
Result<EvpPkeyPtr> key_on(const Curve& curve, std::string_view der) {
  const std::string_view point = der.substr(curve.spki_head.size() - 1);  // with its 0x04
  if (point.size() != 1 + 2 * curve.scalar_bytes)
    return Error{ErrorCode::Malformed, "an elliptic curve key with trailing bytes, or cut short"};
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
    // The algorithm identifier is the second element; its OID stands within the first bytes.
    if (der.substr(0, 16).find(kEcOid) == std::string_view::npos) return KeyAlgorithmPtr{};
    return Error{ErrorCode::Malformed,
                 "an elliptic curve key must be on P-256, P-384 or P-521, named, with an uncompressed point"};
  }
  TEGATA_TRY(const EvpPkeyPtr key, key_on(*curve, der));
  std::vector<EvpVerifier> variants;
  TEGATA_TRY(EvpVerifier own, EvpVerifier::create(key.get(), curve->own_hash, 0));
  variants.push_back(std::move(own));
  if (curve->own_hash != HashAlgorithm::Sha256) {
    // cosign 2 and all of cosign's simple signing hash with SHA-256 whatever the curve.
    TEGATA_TRY(EvpVerifier sha256, EvpVerifier::create(key.get(), HashAlgorithm::Sha256, 0));
    variants.push_back(std::move(sha256));
  }
  return KeyAlgorithmPtr(std::make_shared<EcdsaKey>(*curve, std::move(variants)));
}

}  // namespace tegata::verifier
