// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/crypto/certificate.h"

namespace tegata::verifier {

/// One SCT of v1 (RFC 6962, section 3.2).
struct SignedCertificateTimestamp {
  std::string log_id;  ///< 32 bytes: SHA-256 of the log's SubjectPublicKeyInfo
  Time timestamp;
  std::string signed_data;  ///< what the log signed, over the precertificate rebuilt from the leaf
  std::string signature;
};

/// The SCTs embedded in `leaf` (extension 1.3.6.1.4.1.11129.2.4.2), each with the data
/// that it signs. `issuer`: the certificate that issued the leaf. Empty if the extension is absent.
/// Malformed: it cannot be parsed completely, or holds more than limits::kCertificateTimestamps. SCTs of
/// another version, or with another hash than SHA-256 or another algorithm than ECDSA and RSA, are skipped.
[[nodiscard]] Result<std::vector<SignedCertificateTimestamp>> embedded_timestamps(const Certificate& leaf,
                                                                                  const Certificate& issuer);

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
