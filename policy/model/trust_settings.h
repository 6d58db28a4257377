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
  std::string file;  ///< as the policy writes it, for messages: `keys/ci.pub`
};

struct SignatureFacts;

/// Whether facts about an image's signatures are all that is wanted, so that a later look could find
/// nothing better. They are then known good and kept for long; all others are soon asked again.
struct Sufficiency {
  std::string text;  ///< equal texts mean equal answers
  /// Without one, every authority must have a verified signature.
  std::function<bool(const Digest& image, const SignatureFacts& facts)> holds;
};

/// The authorities that the signatures of an image are held against, each once, in a fixed order.
/// Made once when a policy is loaded; part of what facts are cached under.
struct TrustSettings {
  std::vector<Authority> authorities;  ///< sorted by key, no key twice
  Sufficiency sufficiency;
  std::string id;  ///< equal ids mean equal keys and sufficiency; a changed key file changes it

  [[nodiscard]] static std::shared_ptr<const TrustSettings> of(std::vector<Authority> authorities,
                                                               Sufficiency sufficiency = {});
  /// Both lists of authorities; sufficient for both.
  [[nodiscard]] static std::shared_ptr<const TrustSettings> both(const TrustSettings& a,
                                                                 const TrustSettings& b);
  /// Never true where something could not be read, or nobody is trusted.
  [[nodiscard]] bool suffices(const Digest& image, const SignatureFacts& facts) const;
};

/// Reads the key at a path and gives its name. The policy reader is handed one, so that policy/
/// needs neither files nor OpenSSL: verifier/crypto's KeyRing in the program, a table in tests.
using KeyResolver = std::function<Result<KeyId>(const std::string& path)>;

}  // namespace tegata
