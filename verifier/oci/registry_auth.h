// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/image_reference.h"
#include "verifier/net/retry.h"
#include "verifier/oci/registry_settings.h"
#include "verifier/oci/www_authenticate.h"

namespace tegata::verifier {

/// Whom we are to each registry: credentials, and bearer tokens got with them (distribution-spec's
/// token flow). Nothing is asked before a registry has asked for it with a 401.
///
/// Credentials go to the registry that they are for, and to the token service that this registry
/// itself named: over https, or over http where the operator named that host exactly. The first
/// token service that gives a token is pinned: another one later is refused. One token request
/// for a repository runs at a time, with a deadline of its own; whoever else needs it waits for it.
/// Thread-safe.
class RegistryAuth {
 public:
  /// The value of an Authorization header; empty: send none. Unauthorized says why there is none.
  using Done = std::function<void(Result<Secret>)>;

  /// Both must outlive this.
  RegistryAuth(const RegistrySettings& settings, RetryingSender& sender)
      : settings_(settings), sender_(sender) {}

  /// What to send with the first request, as far as the registry has told us how it wants to be asked.
  void authorize(const Repository& repository, Done done);

  /// What to send after this 401, which must come from the registry itself and not from where it
  /// redirected to. `sent` is what was sent and refused; that is not sent again.
  void answer_challenge(const Repository& repository, const HttpResponse& unauthorized, const Secret& sent,
                        Done done);

 private:
  enum class Scheme { Basic, Bearer };
  struct Registry {
    Scheme scheme = Scheme::Basic;
    std::optional<Url> realm;
    bool pinned = false;  ///< the realm has given us a token
    std::string service;
    std::uint64_t used = 0;
  };
  struct Token {
    Secret header;
    Deadline::Clock::time_point expires;
    std::uint64_t used = 0;
  };

  void answer_basic(const Repository& repository, const Secret& sent, Done done);
  void answer_bearer(const Repository& repository, const Challenge& challenge, const Secret& sent, Done done);
  [[nodiscard]] Result<Url> pin(const Repository& repository, const Challenge& challenge);
  [[nodiscard]] Status check_realm(const std::string& registry, const Url& realm) const;
  void ask_for_token(const Repository& repository, Done done);
  void token_arrived(const Repository& repository, HttpOutcome outcome);
  void settle(const Repository& repository, Result<Secret> header);
  [[nodiscard]] std::optional<Secret> cached(const Repository& repository);
  [[nodiscard]] Result<Secret> keep(const Repository& repository, std::string_view answer);
  /// A token service that never gave a token is forgotten: one bad answer must not outlive itself.
  void forget_unpinned(const std::string& registry);

  const RegistrySettings& settings_;
  RetryingSender& sender_;

  std::mutex mutex_;  // guards all below
  std::map<std::string, Registry> registries_;
  std::map<Repository, Token> tokens_;
  std::map<Repository, std::vector<Done>> waiting_;  ///< for the token request that is on its way
  std::uint64_t uses_ = 0;
};

}  // namespace tegata::verifier
