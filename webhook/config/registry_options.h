// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "policy/model/result.h"
#include "verifier/aws/aws_client.h"
#include "verifier/oci/registry_settings.h"

namespace tegata::webhook {

/// The registry options that all commands share.
struct RegistryOptions {
  std::vector<std::string> insecure_plain_http;    ///< --insecure-plain-http HOST[:PORT], as written
  std::string registry_ca;                         ///< --registry-ca FILE; empty: the system's
  std::vector<std::string> aws_roles = {};         ///< --aws-role ARN, one for each other account
  std::vector<std::string> aws_external_ids = {};  ///< --aws-external-id ACCOUNT=ID
};

struct ConfiguredRegistries {
  verifier::RegistrySettings settings;
  std::shared_ptr<verifier::DockerCredentials> docker;  ///< those of `settings`, from docker's config.json
  std::shared_ptr<verifier::AwsClient> aws;             ///< never null; `settings` have its ECR logins
};

/// The settings for these options, with docker's config.json from its default path. Misconfigured: a name
/// that is not HOST[:PORT], a CA file that cannot be read or contains no certificate, or a config.json that
/// cannot be read; not the ARN of a role, two roles for one account, an external ID for an account without a
/// role. AWS is not asked before its credentials are needed. `on_exception`: as HttpSettings, for the client
/// of AWS.
[[nodiscard]] Result<ConfiguredRegistries> registry_settings(
    const RegistryOptions& options, std::function<void(const char* what)> on_exception = {});

/// The roles of --aws-role and --aws-external-id by account.
[[nodiscard]] Result<std::map<std::string, verifier::AwsRole>> aws_roles(const RegistryOptions& options);

}  // namespace tegata::webhook
