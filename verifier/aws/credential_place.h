// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "policy/model/result.h"
#include "verifier/aws/aws_credentials.h"
#include "verifier/aws/aws_profile.h"
#include "verifier/aws/aws_settings.h"
#include "verifier/net/url.h"

namespace tegata::verifier {

/// Keys that are written down: in the environment or in a profile.
struct StaticKeys {
  AwsKeys keys;
};
/// STS AssumeRoleWithWebIdentity, as IAM roles for service accounts use it.
struct WebIdentity {
  std::string token_file;  ///< read for each request
  std::string role_arn;
  std::string session_name;
};
/// EKS Pod Identity, and the endpoint of ECS tasks.
struct ContainerEndpoint {
  Url url;
  std::string token_file;               ///< read for each request; empty: `token`
  std::shared_ptr<const Secret> token;  ///< the Authorization header; null: none
};
/// The EC2 Instance Metadata Service, version 2 only.
struct InstanceMetadata {
  Url base;
};
struct RoleInProfile;
/// Where credentials come from.
using CredentialPlace = std::variant<StaticKeys, WebIdentity, ContainerEndpoint, InstanceMetadata,
                                     std::shared_ptr<const RoleInProfile>>;
/// STS AssumeRole with the credentials of another place.
struct RoleInProfile {
  AwsRole role;
  std::string session_name;
  std::chrono::seconds duration{3600};
  CredentialPlace source;
};

/// What the environment and the shared files say.
struct AwsConfiguration {
  AwsProfile profile;
  CredentialPlace place;
};

/// The place that the SDKs would use, the first of:
/// 1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN;
/// 2. AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN (AWS_ROLE_SESSION_NAME);
/// 3. the profile: role_arn with source_profile, credential_source or web_identity_token_file; else its keys;
/// 4. AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI, with
///    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE or AWS_CONTAINER_AUTHORIZATION_TOKEN;
/// 5. the EC2 metadata service, unless AWS_EC2_METADATA_DISABLED is true.
///
/// Misconfigured: half of a pair, a profile that cannot be used, an endpoint with http that is not one of the
/// addresses that serve credentials. Profiles with sso_…, credential_process, login_session or mfa_serial are
/// refused by name. Unauthorized: there is no place. Messages hold no value of a profile.
[[nodiscard]] Result<AwsConfiguration> find_configuration(const AwsEnvironment& environment);

/// Whether a URL is that of a service which only this machine reaches: loopback, 169.254.170.2,
/// 169.254.170.23, fd00:ec2::23, and the metadata service at 169.254.169.254 or fd00:ec2::254.
[[nodiscard]] bool serves_credentials(const Url& url);

/// The value of an Authorization header that a file holds: Misconfigured if it is empty, longer than
/// limits::kAwsIdentityToken, or has a line break or another control character. Messages name the file only.
[[nodiscard]] Result<Secret> read_token_file(const std::string& path);

}  // namespace tegata::verifier
