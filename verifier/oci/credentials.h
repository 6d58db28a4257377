// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/image_reference.h"
#include "policy/model/result.h"
#include "verifier/crypto/secret.h"

namespace tegata::verifier {

struct Credentials {
  std::string username;
  Secret password;
  std::string origin = "that docker's config.json has";  ///< for messages

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

  /// The registry refused these credentials of find(): a source that can obtain others does so. Thread-safe.
  virtual void refused(const Repository& repository, const std::shared_ptr<const Credentials>& credentials) {
    static_cast<void>(repository), static_cast<void>(credentials);
  }
};

/// The credentials in Docker's config.json, by registry and path.
///
/// A key of `auths` is `HOST`, `HOST/PATH` or a URL of either; a leading `/v1` or `/v2` of the API in the
/// path of a URL is ignored. A path matches by whole segments. The members `auth` (base64 of
/// `user:password`), or `username` and `password`, are read. Identity tokens, registry tokens and credential
/// helpers are not supported in this version: tokens fail when they are needed, credential helpers are listed
/// in warnings().
class DockerConfig {
 public:
  DockerConfig() = default;
  /// Misconfigured; messages do not quote secrets. As in Docker, null means that the member is absent.
  [[nodiscard]] static Result<DockerConfig> parse(std::string_view json);
  /// Empty if the file does not exist; at most limits::kDockerConfig bytes.
  [[nodiscard]] static Result<DockerConfig> load(const std::filesystem::path& file);
  /// Docker's default: $DOCKER_CONFIG/config.json, else $HOME/.docker/config.json. Empty if neither variable
  /// is set.
  [[nodiscard]] static std::filesystem::path default_path();

  /// The entry for this repository: the longest matching path, then Docker's order of spellings (for Docker
  /// Hub its URL, else the plain host, else another spelling, else a URL). nullptr: no entry, or the host has
  /// a credential helper. Unauthorized: the entry cannot be used; no other entry is tried.
  [[nodiscard]] Result<std::shared_ptr<const Credentials>> find(const Repository& repository) const;
  /// The hosts that entries are for, canonical.
  [[nodiscard]] std::set<std::string> hosts() const;
  /// Whether hosts() has this one.
  [[nodiscard]] bool names(const std::string& host) const {
    return by_host_.contains(host) || helped_.contains(host);
  }
  /// What is in the file but not used, one sentence each.
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

 private:
  struct Entry {
    std::string path;  ///< empty: the whole host
    int rank = 0;      ///< of its spelling; the lowest is used first
    std::string key;   ///< as written
    std::shared_ptr<const Credentials> credentials;
    std::string unusable;  ///< why; empty if there are credentials
  };
  std::map<std::string, std::vector<Entry>> by_host_;  ///< each in the order in which they are tried
  std::set<std::string> helped_;                       ///< hosts with a credential helper
  std::vector<std::string> warnings_;
};

/// Credentials from a config.json that may be replaced while it is in use.
class DockerCredentials final : public CredentialSource {
 public:
  explicit DockerCredentials(DockerConfig config = {});
  void find(const Repository& repository, Done done) override;
  void replace(DockerConfig config);
  [[nodiscard]] std::shared_ptr<const DockerConfig> config() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const DockerConfig> config_;
};

}  // namespace tegata::verifier
