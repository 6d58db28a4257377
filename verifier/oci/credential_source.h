// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "policy/model/image_reference.h"
#include "verifier/crypto/secret.h"

namespace tegata::verifier {

struct Credentials {
  std::string username;
  Secret password;

  /// The value of an Authorization header (RFC 7617).
  [[nodiscard]] Secret basic() const;
  friend bool operator==(const Credentials& a, const Credentials& b) noexcept {
    return a.username == b.username && a.password.reveal() == b.password.reveal();
  }
};

/// Where a registry's user name and password come from. It is called before each use, so a source whose
/// credentials expire can renew them. Bearer tokens obtained with earlier credentials are not used after the
/// credentials change.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;

  /// nullptr: no credentials, so the registry is read anonymously. Unauthorized: there are credentials for
  /// this repository, but they cannot be used. Other codes say why the credentials could not be obtained.
  using Done = std::function<void(Result<std::shared_ptr<const Credentials>>)>;

  /// Finds the credentials for exactly this repository. Calls `done` once, on any thread, possibly before it
  /// returns. Thread-safe; never blocks on the network.
  virtual void find(const Repository& repository, Done done) = 0;
};

}  // namespace tegata::verifier
