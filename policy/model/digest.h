// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata {

/// A SHA-256 digest: of a manifest, a blob, or a public key (its SubjectPublicKeyInfo).
///
/// The text form is `sha256:` and 64 lower-case hex digits (OCI image-spec, descriptor.md). Other
/// algorithms are refused: nothing here could compare them.
class Digest {
 public:
  using Bytes = std::array<std::uint8_t, 32>;

  explicit Digest(const Bytes& bytes) noexcept : bytes_(bytes) {}
  /// Malformed, naming the fault: the algorithm, the length, or the first bad digit.
  [[nodiscard]] static Result<Digest> parse(std::string_view text);

  [[nodiscard]] const Bytes& bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::string hex() const;
  /// `sha256:…`; parse(text()) gives the digest back.
  [[nodiscard]] std::string text() const;
  /// `sha256-…`, as tags that belong to a digest are named (OCI distribution-spec, referrers tag schema).
  [[nodiscard]] std::string tag_prefix() const;

  friend auto operator<=>(const Digest&, const Digest&) = default;

 private:
  Bytes bytes_;
};

/// For hash tables: the first bytes of a SHA-256 are as good as any hash.
struct DigestHash {
  std::size_t operator()(const Digest& digest) const noexcept;
};

}  // namespace tegata
