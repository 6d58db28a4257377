// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/public_key.h"

#include <cstdint>
#include <optional>

#include "policy/model/limits.h"
#include "verifier/crypto/key_algorithm.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/crypto/work_budget.h"

namespace tegata::verifier {
namespace {

std::size_t bytes_of(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::Sha256:
      return 32;
    case HashAlgorithm::Sha384:
      return 48;
    case HashAlgorithm::Sha512:
      return 64;
  }
  return 0;
}

}  // namespace

std::optional<std::string> SignedMessage::digest(HashAlgorithm algorithm) const {
  if (bytes_) return hash(algorithm, *bytes_);
  if (algorithm != algorithm_ || digest_.size() != bytes_of(algorithm)) return std::nullopt;
  return std::string(digest_);
}

struct PublicKey::Parsed {
  KeyId id;
  std::string der;
  KeyAlgorithmPtr algorithm;
};

PublicKey::PublicKey(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}

Result<PublicKey> PublicKey::parse_pem(std::string_view pem) {
  TEGATA_TRY(const std::string der, decode_public_key_pem(pem));
  return parse_der(der);
}

Result<PublicKey> PublicKey::parse_der(std::string_view der) {
  if (!WorkBudget::take(work::kParseKey)) return beyond_the_work_budget();
  for (const auto read : {read_ed25519_key, read_ecdsa_key, read_rsa_key}) {
    TEGATA_TRY(KeyAlgorithmPtr algorithm, read(der));
    if (algorithm)
      return PublicKey(std::make_shared<Parsed>(Parsed{sha256(der), std::string(der), std::move(algorithm)}));
  }
  return Error{ErrorCode::Malformed,
               "a public key must be ECDSA (P-256, P-384, P-521), RSA (2048 to 4096 bits, not RSASSA-PSS) or "
               "Ed25519"};
}

const KeyId& PublicKey::id() const noexcept { return parsed_->id; }

const std::string& PublicKey::der() const noexcept { return parsed_->der; }

std::string_view PublicKey::algorithm() const noexcept { return parsed_->algorithm->name(); }

SignatureCheck PublicKey::check(std::string_view message, std::string_view signature) const {
  return check(SignedMessage::of_bytes(message), signature);
}

SignatureCheck PublicKey::check(const SignedMessage& message, std::string_view signature) const {
  return parsed_->algorithm->check(message, signature);
}

SignatureCheck PublicKey::check_log(std::string_view message, std::string_view signature) const {
  return parsed_->algorithm->check_log(message, signature);
}

namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kInteger = 0x02;

std::uint8_t byte_at(std::string_view bytes, std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); }

// Removes one element with this tag from the front and returns its content. Lengths must be in the
// shortest form. A signature never needs two length bytes.
std::optional<std::string_view> take(std::string_view& bytes, std::uint8_t tag) {
  if (bytes.size() < 2 || byte_at(bytes, 0) != tag) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = byte_at(bytes, 1);
  if (length == 0x81) {
    if (bytes.size() < 3 || byte_at(bytes, 2) < 0x80) return std::nullopt;
    header = 3;
    length = byte_at(bytes, 2);
  } else if (length >= 0x80) {
    return std::nullopt;
  }
  if (bytes.size() - header < length) return std::nullopt;
  const auto content = bytes.substr(header, length);
  bytes.remove_prefix(header + length);
  return content;
}

bool is_scalar(std::string_view integer, std::size_t scalar_bytes) {
  if (integer.empty() || byte_at(integer, 0) >= 0x80) return false;  // negative
  if (byte_at(integer, 0) != 0) return integer.size() <= scalar_bytes;
  if (integer.size() == 1 || byte_at(integer, 1) < 0x80) return false;  // zero, or not minimal
  return integer.size() - 1 <= scalar_bytes;
}

}  // namespace

bool is_ecdsa_der(std::string_view signature, std::size_t scalar_bytes) noexcept {
  const auto sequence = take(signature, kSequence);
  if (!sequence || !signature.empty()) return false;
  std::string_view rest = *sequence;
  const auto r = take(rest, kInteger);
  if (!r || !is_scalar(*r, scalar_bytes)) return false;
  const auto s = take(rest, kInteger);
  return s && is_scalar(*s, scalar_bytes) && rest.empty();
}

bool has_signature_shape(std::string_view signature) noexcept {
  constexpr std::size_t kEd25519Bytes = 64;
  constexpr std::size_t kLargestScalarBytes = 66;  // P-521
  constexpr std::size_t kLeastRsaBytes = limits::kRsaLeastModulusBits / 8;
  constexpr std::size_t kMostRsaBytes = limits::kRsaModulusBits / 8;
  if (signature.size() == kEd25519Bytes) return true;
  if (signature.size() >= kLeastRsaBytes && signature.size() <= kMostRsaBytes) return true;
  return is_ecdsa_der(signature, kLargestScalarBytes);
}

}  // namespace tegata::verifier
