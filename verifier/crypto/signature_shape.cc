// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/signature_shape.h"

#include <cstdint>
#include <optional>

#include "policy/model/limits.h"

namespace tegata::verifier {
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
