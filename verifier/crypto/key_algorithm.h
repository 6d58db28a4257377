// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "policy/model/result.h"
#include "verifier/crypto/public_key.h"

namespace tegata::verifier {

/// The operations of one type of public key. Immutable and thread-safe.
class KeyAlgorithm {
 public:
  virtual ~KeyAlgorithm() = default;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// Every variant that PublicKey::check describes.
  [[nodiscard]] virtual SignatureCheck check(const SignedMessage& message,
                                             std::string_view signature) const = 0;
  /// The one variant that PublicKey::check_log describes.
  [[nodiscard]] virtual SignatureCheck check_log(std::string_view message,
                                                 std::string_view signature) const = 0;
};
using KeyAlgorithmPtr = std::shared_ptr<const KeyAlgorithm>;

/// Each parses a SubjectPublicKeyInfo in DER. An empty pointer: a key of another type. Malformed: a key of
/// this type that is not accepted.
[[nodiscard]] Result<KeyAlgorithmPtr> read_ed25519_key(std::string_view der);
[[nodiscard]] Result<KeyAlgorithmPtr> read_ecdsa_key(std::string_view der);
[[nodiscard]] Result<KeyAlgorithmPtr> read_rsa_key(std::string_view der);

}  // namespace tegata::verifier
