// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"
#include "verifier/oci/credential_source.h"

namespace tegata::verifier {

/// The credentials in docker's config.json, by what they are for.
///
/// A key of `auths` is `HOST`, `HOST/PATH` or a URL of either; the path of a URL may begin with the API's own
/// `/v1` or `/v2`, which name nothing. A path matches by whole segments. Read are `auth` (base64 of
/// `user:password`) or `username` and `password`. Identity and registry tokens, and credential helpers, are
/// not in this version: the first fail when they are needed, the second are named in warnings().
class DockerConfig {
 public:
  DockerConfig() = default;
  /// Misconfigured, without quoting a secret. null is read as docker does, as if the member were absent.
  [[nodiscard]] static Result<DockerConfig> parse(std::string_view json);
  /// An empty one where there is no such file; at most limits::kDockerConfig bytes.
  [[nodiscard]] static Result<DockerConfig> load(const std::filesystem::path& file);
  /// Where docker looks: $DOCKER_CONFIG/config.json, else $HOME/.docker/config.json. Empty where
  /// neither variable is set.
  [[nodiscard]] static std::filesystem::path default_path();

  /// The one entry for this repository: the longest path that matches, then docker's order of spellings (for
  /// Docker Hub its URL, else the plain host, else another spelling, else a URL). nullptr: none, or the host
  /// has a credential helper. Unauthorized: the entry cannot be used; no other one is tried.
  [[nodiscard]] Result<std::shared_ptr<const Credentials>> find(const Repository& repository) const;
  /// The hosts that entries are for, canonical.
  [[nodiscard]] std::set<std::string> hosts() const;
  /// What was read but is not used, one sentence each.
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

 private:
  struct Entry {
    std::string path;  ///< empty: the whole host
    int rank = 0;      ///< of its spelling: the least is first
    std::string key;   ///< as written
    std::shared_ptr<const Credentials> credentials;
    std::string unusable;  ///< why; empty where there are credentials
  };
  std::map<std::string, std::vector<Entry>> by_host_;  ///< each in the order in which they are looked at
  std::set<std::string> helped_;                       ///< hosts with a credential helper
  std::vector<std::string> warnings_;
};

/// The entries of a config.json that may be replaced while it is used.
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
