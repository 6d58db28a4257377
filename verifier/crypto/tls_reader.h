// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tegata::verifier {

/// Reads the presentation language of TLS (RFC 8446, section 3) from front to back. Reading past the
/// end gives no value, and so do all later reads.
class TlsReader {
 public:
  explicit TlsReader(std::string_view bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  [[nodiscard]] std::optional<std::string_view> bytes(std::size_t count) noexcept {
    if (broken_ || count > rest_.size()) {
      broken_ = true;
      return std::nullopt;
    }
    const std::string_view front = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return front;
  }

  /// Big-endian, of at most 8 bytes.
  [[nodiscard]] std::optional<std::uint64_t> number(std::size_t size) noexcept {
    const auto digits = bytes(size);
    if (!digits) return std::nullopt;
    std::uint64_t number = 0;
    for (const char digit : *digits) number = number << 8 | static_cast<unsigned char>(digit);
    return number;
  }

  /// A vector with a length prefix of `size` bytes.
  [[nodiscard]] std::optional<std::string_view> vector(std::size_t size) noexcept {
    const auto length = number(size);
    if (!length) return std::nullopt;
    return bytes(static_cast<std::size_t>(*length));
  }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

}  // namespace tegata::verifier
