// SPDX-License-Identifier: Apache-2.0
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "policy/model/limits.h"
#include "verifier/crypto/evp_verifier.h"
#include "verifier/crypto/key_algorithm.h"
#include "verifier/crypto/openssl_error.h"

namespace tegata::verifier {
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
  // An RSASSA-PSS key is "RSA-PSS" here, and is not this kind.
  if (EVP_PKEY_is_a(key.get(), "RSA") != 1) return KeyAlgorithmPtr{};
  TEGATA_CHECK(acceptable(key.get()));
  TEGATA_TRY(EvpVerifier verifier, EvpVerifier::create(key.get(), HashAlgorithm::Sha256, RSA_PKCS1_PADDING));
  return KeyAlgorithmPtr(std::make_shared<RsaKey>(EVP_PKEY_get_bits(key.get()), std::move(verifier)));
}

}  // namespace tegata::verifier
