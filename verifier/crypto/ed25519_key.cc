// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <array>

#include "verifier/crypto/key_algorithm.h"
#include "verifier/crypto/sodium_library.h"
#include "verifier/crypto/work_budget.h"

namespace tegata::verifier {
namespace {

using namespace std::literals;

// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes } (RFC 8410, section 4).
constexpr auto kSpkiPrefix = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv;

const unsigned char* bytes_of(std::string_view view) {
  return reinterpret_cast<const unsigned char*>(view.data());
}

class Ed25519Key final : public KeyAlgorithm {
 public:
  explicit Ed25519Key(std::string_view raw) { std::copy(raw.begin(), raw.end(), key_.begin()); }

  std::string_view name() const noexcept override { return "Ed25519"; }

  SignatureCheck check(const SignedMessage& message, std::string_view signature) const override {
    if (signature.size() != crypto_sign_BYTES) return SignatureCheck::Malformed;
    const auto& bytes = message.bytes();
    if (bytes && (pure(*bytes, signature) || prehashed(*bytes, signature))) return SignatureCheck::Good;
    return SignatureCheck::NotByThisKey;
  }

  SignatureCheck check_log(std::string_view message, std::string_view signature) const override {
    if (signature.size() != crypto_sign_BYTES) return SignatureCheck::Malformed;
    return pure(message, signature) ? SignatureCheck::Good : SignatureCheck::NotByThisKey;
  }

 private:
  static bool take_work(std::string_view message) {
    return WorkBudget::take(work::kEd25519 + work::of_hash(message.size()));
  }

  bool pure(std::string_view message, std::string_view signature) const {
    if (!take_work(message)) return false;
    return crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(), key_.data()) ==
           0;
  }

  // Ed25519ph of RFC 8032 with an empty context, as cosign 3 signs.
  bool prehashed(std::string_view message, std::string_view signature) const {
    if (!take_work(message)) return false;
    crypto_sign_state state;
    crypto_sign_init(&state);
    crypto_sign_update(&state, bytes_of(message), message.size());
    // libsodium 1.0.18 takes a pointer to non-const, but only reads the signature.
    std::array<unsigned char, crypto_sign_BYTES> copy{};
    std::copy(signature.begin(), signature.end(), copy.begin());
    return crypto_sign_final_verify(&state, copy.data(), key_.data()) == 0;
  }

  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key_{};
};

}  // namespace

Result<KeyAlgorithmPtr> read_ed25519_key(std::string_view der) {
  if (!der.starts_with(kSpkiPrefix)) return KeyAlgorithmPtr{};
  der.remove_prefix(kSpkiPrefix.size());
  if (der.size() != crypto_sign_PUBLICKEYBYTES)
    return Error{ErrorCode::Malformed, "an Ed25519 key has 32 bytes"};
  require_sodium();
  if (crypto_core_ed25519_is_valid_point(bytes_of(der)) != 1)
    return Error{ErrorCode::Malformed, "an Ed25519 key that is not a point in the curve's main subgroup"};
  return KeyAlgorithmPtr(std::make_shared<Ed25519Key>(der));
}

}  // namespace tegata::verifier
