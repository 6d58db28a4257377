// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "verifier/crypto/hash_algorithm.h"

namespace tegata::verifier {

/// What a signature is over: its bytes, or no more than one hash of them. A view: what it was made
/// from must outlive it.
class SignedMessage {
 public:
  [[nodiscard]] static SignedMessage of_bytes(std::string_view bytes) { return SignedMessage(bytes); }
  /// `digest`: raw bytes, of the algorithm's length.
  [[nodiscard]] static SignedMessage of_digest(HashAlgorithm algorithm, std::string_view digest) {
    return SignedMessage(algorithm, digest);
  }

  /// None where only a hash is known.
  [[nodiscard]] const std::optional<std::string_view>& bytes() const noexcept { return bytes_; }
  /// Raw bytes. None where the bytes are not known and this is not the hash that is, or the hash that is
  /// known has not this algorithm's length.
  [[nodiscard]] std::optional<std::string> digest(HashAlgorithm algorithm) const;

 private:
  explicit SignedMessage(std::string_view bytes) : bytes_(bytes) {}
  SignedMessage(HashAlgorithm algorithm, std::string_view digest) : algorithm_(algorithm), digest_(digest) {}
  std::optional<std::string_view> bytes_;
  HashAlgorithm algorithm_ = HashAlgorithm::Sha256;
  std::string_view digest_;
};

}  // namespace tegata::verifier
