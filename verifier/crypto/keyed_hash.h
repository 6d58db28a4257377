// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// HMAC-SHA-256 under a key of ours: two values can be seen to be equal without either being
/// known, and without the key nobody can try values out.
class KeyedHash {
 public:
  using Key = std::array<std::uint8_t, 32>;

  explicit KeyedHash(const Key& key) : key_(key) {}
  /// With a random key that is known to nobody else.
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
