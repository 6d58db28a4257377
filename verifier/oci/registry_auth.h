// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/model/image_reference.h"
#include "verifier/net/retry.h"
#include "verifier/oci/gate.h"
#include "verifier/oci/registry_http.h"
#include "verifier/oci/registry_settings.h"

namespace tegata::verifier {

/// Authentication to registries: credentials, and the bearer tokens obtained with them (distribution, "Token
/// Authentication Specification"). Credentials are sent only after a registry has requested them with a 401.
///
/// Credentials are sent to the registry that they are for, and to the token service that this registry named:
/// over https, or over http if the operator configured that host. A token service that issued a token for
/// credentials is pinned: another one is refused until limits::kTokenServicePin after the last token, or
/// until forget(). Requests without credentials neither use nor change the pin. A token is used only while
/// the repository still has the credentials that the token was obtained with. At most one token request per
/// repository runs at a time, with a separate deadline; other requests that need the token wait for it.
/// Thread-safe.
class RegistryAuth {
 public:
  /// The value of an Authorization header; empty: send none. Unauthorized: why no value could be obtained.
  using Done = std::function<void(Result<Secret>)>;
  /// In whose turn a token is requested; null: of an unknown user.
  using Whom = std::shared_ptr<Askers>;

  /// Both must outlive this.
  RegistryAuth(const RegistrySettings& settings, RetryingSender& sender)
      : settings_(settings), sender_(sender) {}

  /// The header for the first request, as far as the authentication scheme of the registry is known.
  void authorize(const Repository& repository, const Whom& whom, Done done);

  /// The header to send after this 401, which must be from the registry itself, not from a redirect target,
  /// and must have a WWW-Authenticate header. `sent` is the value that was refused; it is not sent again.
  void answer_challenge(const Repository& repository, const HttpResponse& unauthorized, const Secret& sent,
                        const Whom& whom, Done done);

  /// Forgets tokens and token services: each registry is expected to send a new challenge.
  void forget();

  /// Before this and the sender are destroyed: credentials that are found later are dropped; the `done` that
  /// waits for them is not called, and kept until this is destroyed.
  void close() { gate_->close(); }

 private:
  using Who = std::shared_ptr<const Credentials>;  ///< nullptr: anonymous

  /// What a registry asked for is kept apart for requests with and without credentials: an anonymous request
  /// must not change where credentials go.
  using Asker = std::pair<std::string, bool>;  ///< the registry; true: with credentials
  static Asker asker(const Repository& repository, const Who& who) {
    return {repository.registry, who != nullptr};
  }

  enum class Scheme { Basic, Bearer };
  struct Registry {
    Scheme scheme = Scheme::Basic;
    std::optional<Url> realm;
    std::string service;
    bool gave_token = false;
    Deadline::Clock::time_point pinned_until{};  ///< no credentials to another realm before this
    bool disputed = false;  ///< the registry named another realm: no more token requests to this one
    std::uint64_t used = 0;
  };
  struct Token {
    Secret header;
    Deadline::Clock::time_point expires;
    Who who;  ///< obtained with these
    std::uint64_t used = 0;
  };

  void find(const Repository& repository, std::function<void(Result<Who>)> then);
  void authorize_as(const Repository& repository, const Who& who, const Whom& whom, Done done);
  void answer_basic(const Repository& repository, const Who& who, const Secret& sent, Done done);
  void answer_bearer(const Repository& repository, const Challenge& challenge, const Who& who,
                     const Secret& sent, const Whom& whom, Done done);
  [[nodiscard]] Status pin(const Repository& repository, const Challenge& challenge, const Who& who,
                           const Secret& sent);
  /// Makes room for a new entry in registries_: pinned ones go last.
  void make_room();
  [[nodiscard]] Status check_realm(const std::string& registry, const Url& realm, const Secret& sent) const;
  void ask_for_token(const Repository& repository, const Who& who, const Whom& whom, Done done);
  [[nodiscard]] Result<Secret> read_token(const Repository& repository, const Who& who, HttpOutcome outcome);
  /// A token service issued a token: pins it, if it was for credentials.
  void proven(const Asker& asker, const Url& realm);
  void settle(const Repository& repository, Result<Secret> header);
  [[nodiscard]] std::optional<Secret> cached(const Repository& repository, const Who& who);
  [[nodiscard]] Result<Secret> keep(const Repository& repository, const Who& who, std::string_view answer);
  /// Forgets a token service that never issued a token, so that one bad answer has no lasting effect.
  void forget_unproven(const Asker& asker);

  const RegistrySettings& settings_;
  RetryingSender& sender_;
  /// The source of credentials may answer after this is gone.
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();

  std::mutex mutex_;  // guards all below
  std::map<Asker, Registry> registries_;
  std::map<Repository, Token> tokens_;
  /// A token request in progress.
  struct Asking {
    std::vector<Done> waiting;
    Whom whom;
  };
  std::map<Repository, Asking> waiting_;
  std::uint64_t uses_ = 0;
};

}  // namespace tegata::verifier
