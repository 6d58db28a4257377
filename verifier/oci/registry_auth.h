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

/// Who we are to each registry: credentials, and bearer tokens got with them (distribution-spec's
/// token flow). Nothing is asked before a registry has asked for it with a 401.
///
/// Credentials go to the registry that they are for, and to the token service that this registry
/// itself named: over https, or over http where the operator named that host exactly. A token service that
/// gave a token for credentials is pinned: another one is refused until limits::kTokenServicePin after its
/// last token, or forget(). A token is used only while the credentials that it was got with are those of
/// its repository. One token request for a repository runs at a time, with a deadline of its own; others
/// that need it wait for it. Thread-safe.
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
  /// redirected to, and hold a WWW-Authenticate. `sent` is what was refused; it is not sent again.
  void answer_challenge(const Repository& repository, const HttpResponse& unauthorized, const Secret& sent,
                        Done done);

  /// Forgets tokens and token services: the next answer of each registry says anew how to authenticate.
  void forget();

 private:
  using Who = std::shared_ptr<const Credentials>;  ///< nullptr: anonymous

  enum class Scheme { Basic, Bearer };
  struct Registry {
    Scheme scheme = Scheme::Basic;
    std::optional<Url> realm;
    std::string service;
    bool gave_token = false;
    Deadline::Clock::time_point pinned_until{};  ///< no credentials to another realm before this
    bool disputed = false;  ///< it names another realm: this one is asked for nothing more
    std::uint64_t used = 0;
  };
  struct Token {
    Secret header;
    Deadline::Clock::time_point expires;
    Who who;  ///< got with these
    std::uint64_t used = 0;
  };

  void authorize_as(const Repository& repository, Scheme scheme, const Who& who, Done done);
  void answer_basic(const Repository& repository, const Who& who, const Secret& sent, Done done);
  void answer_bearer(const Repository& repository, const Challenge& challenge, const Who& who,
                     const Secret& sent, Done done);
  [[nodiscard]] Status pin(const Repository& repository, const Challenge& challenge, const Who& who);
  [[nodiscard]] Status check_realm(const std::string& registry, const Url& realm) const;
  void ask_for_token(const Repository& repository, const Who& who, Done done);
  [[nodiscard]] Result<Secret> read_token(const Repository& repository, const Who& who, HttpOutcome outcome);
  void settle(const Repository& repository, Result<Secret> header);
  [[nodiscard]] std::optional<Secret> cached(const Repository& repository, const Who& who);
  [[nodiscard]] Result<Secret> keep(const Repository& repository, const Who& who, std::string_view answer);
  /// A token service that never gave a token is forgotten: one bad answer must not outlive itself.
  void forget_unproven(const std::string& registry);

  const RegistrySettings& settings_;
  RetryingSender& sender_;

  std::mutex mutex_;  // guards all below
  std::map<std::string, Registry> registries_;
  std::map<Repository, Token> tokens_;
  std::map<Repository, std::vector<Done>> waiting_;  ///< for the token request that is on its way
  std::uint64_t uses_ = 0;
};

}  // namespace tegata::verifier
