// SPDX-License-Identifier: Apache-2.0
#include "policy/model/digest.h"

#include <cstring>

namespace tegata {
namespace {

constexpr std::string_view kAlgorithm = "sha256:";
constexpr std::string_view kHexDigits = "0123456789abcdef";

}  // namespace

Result<Digest> Digest::parse(std::string_view text) {
  if (!text.starts_with(kAlgorithm))
    return Error{ErrorCode::Malformed,
                 "a digest must begin with sha256: (other algorithms are not supported)"};
  text.remove_prefix(kAlgorithm.size());
  if (text.size() != 64)
    return Error{ErrorCode::Malformed,
                 "a sha256 digest has 64 hex digits, this one has " + std::to_string(text.size())};
  Bytes bytes{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto value = kHexDigits.find(text[i]);
    if (value == std::string_view::npos)
      return Error{ErrorCode::Malformed, "a digest has lower-case hex digits only"};
    bytes[i / 2] = static_cast<std::uint8_t>(bytes[i / 2] << 4 | value);
  }
  return Digest(bytes);
}

std::string Digest::hex() const {
  std::string hex(64, '0');
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    hex[2 * i] = kHexDigits[bytes_[i] >> 4];
    hex[2 * i + 1] = kHexDigits[bytes_[i] & 15];
  }
  return hex;
}

std::string Digest::text() const { return std::string(kAlgorithm) + hex(); }

std::string Digest::tag_prefix() const { return "sha256-" + hex(); }

std::size_t DigestHash::operator()(const Digest& digest) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.bytes().data(), sizeof hash);
  return hash;
}

}  // namespace tegata
