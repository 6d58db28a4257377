// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "verifier/crypto/public_key.h"

namespace tegata::verifier {

/// The public keys that a policy names, read and parsed once. Filled while the policy is loaded
/// (as its KeyResolver), then immutable and shared.
class KeyRing {
 public:
  /// Reads the PEM file at `path` (at most limits::kKeyFile bytes). The same path is read once.
  [[nodiscard]] Result<KeyId> add_file(const std::string& path);
  /// Adds a key that is already parsed.
  KeyId add(PublicKey key);

  [[nodiscard]] const PublicKey* find(const KeyId& id) const noexcept;

 private:
  std::map<KeyId, PublicKey> keys_;
  std::map<std::string, KeyId> by_path_;
};

}  // namespace tegata::verifier
