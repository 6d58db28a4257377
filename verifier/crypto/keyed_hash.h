// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// HMAC-SHA-256 with a secret key: equal values have equal hashes, the hashes do not reveal the values, and
/// values cannot be guessed without the key.
class KeyedHash {
 public:
  using Key = std::array<std::uint8_t, 32>;

  explicit KeyedHash(const Key& key) : key_(key) {}
  /// With a new random key.
  [[nodiscard]] static KeyedHash generate();
  KeyedHash(const KeyedHash&) = default;
  KeyedHash& operator=(const KeyedHash&) = default;
  ~KeyedHash();

  /// 64 lower-case hex digits. Thread-safe.
  [[nodiscard]] std::string hex(std::string_view value) const;

 private:
  Key key_;
};

}  // namespace tegata::verifier
