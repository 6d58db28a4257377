// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "policy/model/digest.h"
#include "policy/model/result.h"

namespace tegata {

/// Names a public key: SHA-256 over its SubjectPublicKeyInfo in DER. Two files with the same key
/// have the same KeyId, so that a key counts once however often it is written.
using KeyId = Digest;

/// One signer that a policy trusts. (Identities of keyless signing will be its second form.)
struct Authority {
  KeyId key;
  std::string file;  ///< where the policy says the key is, for messages: `/etc/tegata/keys/ci.pub`
};

/// The authorities that the signatures of an image are held against, each once, in a fixed order.
/// Made once when a policy is loaded; part of what facts are cached under.
struct TrustSettings {
  std::vector<Authority> authorities;  ///< sorted by key, no key twice
  std::string id;                      ///< equal ids mean equal keys; a changed key file changes it

  [[nodiscard]] static std::shared_ptr<const TrustSettings> of(std::vector<Authority> authorities);
};

/// Reads the key at a path and gives its name. The policy reader is handed one, so that policy/
/// needs neither files nor OpenSSL: verifier/crypto's KeyRing in the program, a table in tests.
using KeyResolver = std::function<Result<KeyId>(const std::string& path)>;

}  // namespace tegata
