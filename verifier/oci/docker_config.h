// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"
#include "verifier/crypto/secret.h"

namespace tegata::verifier {

struct Credentials {
  std::string username;
  Secret password;

  /// The value of an Authorization header (RFC 7617).
  [[nodiscard]] Secret basic() const;
};

/// The credentials in docker's config.json, by the host they are for.
///
/// Read are `auths` with `auth` (base64 of `user:password`) or `username` and `password`. Identity
/// tokens and credential helpers are not in this version: the first fail when they are needed, the
/// second are told in warnings().
class DockerConfig {
 public:
  DockerConfig() = default;
  /// Misconfigured, without quoting a secret.
  [[nodiscard]] static Result<DockerConfig> parse(std::string_view json);
  /// An empty one where there is no such file; at most limits::kDockerConfig bytes.
  [[nodiscard]] static Result<DockerConfig> load(const std::filesystem::path& file);
  /// Where docker looks: $DOCKER_CONFIG/config.json, else $HOME/.docker/config.json. Empty where
  /// neither variable is set.
  [[nodiscard]] static std::filesystem::path default_path();

  /// For a registry as an image reference names it (`docker.io`, `host:port`), compared exactly.
  /// nullptr: none. Unauthorized: there is something for this host that cannot be used.
  [[nodiscard]] Result<const Credentials*> find(const std::string& registry) const;
  /// What was read but is not used, one sentence each.
  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

 private:
  std::map<std::string, Credentials> by_registry_;
  std::map<std::string, std::string> unusable_;  ///< registry → why
  std::vector<std::string> warnings_;
};

}  // namespace tegata::verifier
