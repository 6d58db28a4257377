// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "verifier/crypto/hash_algorithm.h"

namespace tegata::verifier {

/// The message of a signature: its bytes, or only one hash of them. A view: the data must outlive it.
class SignedMessage {
 public:
  [[nodiscard]] static SignedMessage of_bytes(std::string_view bytes) { return SignedMessage(bytes); }
  /// `digest`: raw bytes, of the algorithm's length.
  [[nodiscard]] static SignedMessage of_digest(HashAlgorithm algorithm, std::string_view digest) {
    return SignedMessage(algorithm, digest);
  }

  /// None if only a hash is known.
  [[nodiscard]] const std::optional<std::string_view>& bytes() const noexcept { return bytes_; }
  /// Raw bytes. None if only a hash is known and it is of another algorithm, or does not have this
  /// algorithm's length.
  [[nodiscard]] std::optional<std::string> digest(HashAlgorithm algorithm) const;

 private:
  explicit SignedMessage(std::string_view bytes) : bytes_(bytes) {}
  SignedMessage(HashAlgorithm algorithm, std::string_view digest) : algorithm_(algorithm), digest_(digest) {}
  std::optional<std::string_view> bytes_;
  HashAlgorithm algorithm_ = HashAlgorithm::Sha256;
  std::string_view digest_;
};

}  // namespace tegata::verifier
