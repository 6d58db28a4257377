// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "verifier/aws/aws_client.h"
#include "verifier/aws/renewed.h"
#include "verifier/oci/credentials.h"

namespace tegata::verifier {

/// The account and region that a canonical registry host names.
struct EcrRegistry {
  std::string account;  ///< 12 digits
  std::string region;
};
/// `ACCOUNT.dkr.ecr.REGION.SUFFIX` with the suffix of that region's partition, without a port: the canonical
/// form (canonical_registry()) of all host names of a private ECR registry. Empty for every other host.
[[nodiscard]] std::optional<EcrRegistry> ecr_registry_of(std::string_view host);

struct EcrLogin {
  std::shared_ptr<const Credentials> credentials;
  Time expires;  ///< as the answer says
};
/// The answer of GetAuthorizationToken: authorizationData[0].{authorizationToken, expiresAt}.
/// UnexpectedAnswer, which never quotes it: no token, a token that is not base64 of `user:password` in
/// printable ASCII, no expiry.
[[nodiscard]] Result<EcrLogin> read_ecr_login(std::string_view json);

/// The same failure as one of a login: never NotFound, Malformed or LimitExceeded, which would be about the
/// image. What the operator must change is Unauthorized: there are no credentials that can be used.
[[nodiscard]] Error error_of_login(Error error);

/// Credentials for private ECR registries by GetAuthorizationToken; for all other registries, and for those
/// that docker's config.json names, those of docker's config.json.
///
/// A login is asked for in the registry's region, with the role of the registry's account or else with
/// Tegata's own credentials, and serves all registries of that region and role. It is renewed after half of
/// its lifetime, at once for all who wait, and used until it expires if that fails. At most
/// limits::kAwsSessions are kept; regions without a login make room first, so that names of regions that do
/// not exist displace none. Thread-safe.
class EcrCredentials final : public CredentialSource {
 public:
  EcrCredentials(std::shared_ptr<const DockerCredentials> docker, std::shared_ptr<AwsClient> client)
      : docker_(std::move(docker)), client_(std::move(client)) {}

  void find(const Repository& repository, Done done) override;
  void refused(const Repository& repository, const std::shared_ptr<const Credentials>& credentials) override;

 private:
  using Login = Renewed<Credentials>;
  using Key = std::pair<std::string, std::string>;  ///< the account with a role, else empty; the region

  [[nodiscard]] Key key_of(const EcrRegistry& registry) const;
  [[nodiscard]] std::shared_ptr<Login> login_of(const Key& key);
  void make_room();

  const std::shared_ptr<const DockerCredentials> docker_;
  const std::shared_ptr<AwsClient> client_;
  std::mutex mutex_;  // guards logins_
  std::map<Key, std::shared_ptr<Login>> logins_;
};

}  // namespace tegata::verifier
