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

/// Where a registry's user name and password come from. It is asked before each use, so a source whose
/// credentials expire can renew them first; nothing that was made from earlier ones (a bearer token) is
/// used once others are given.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;

  /// nullptr: none, the registry is asked anonymously. Unauthorized: there are credentials for this
  /// repository that cannot be used. Other codes say why they could not be had.
  using Done = std::function<void(Result<std::shared_ptr<const Credentials>>)>;

  /// The credentials for exactly this repository. Calls `done` once, on any thread, possibly before it
  /// returns. Thread-safe; never blocks on the network.
  virtual void find(const Repository& repository, Done done) = 0;
};

}  // namespace tegata::verifier
