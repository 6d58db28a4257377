// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/model/digest.h"

namespace tegata::verifier {

enum class HashAlgorithm { Sha256, Sha384, Sha512 };

/// The raw bytes of the hash of `message`.
[[nodiscard]] std::string hash(HashAlgorithm algorithm, std::string_view message);

[[nodiscard]] Digest sha256(std::string_view bytes);

/// Incremental SHA-256.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void add(std::string_view bytes);
  /// Once, at the end.
  [[nodiscard]] Digest finish();

 private:
  void* context_;
};

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
