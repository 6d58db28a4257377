// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/registry_options.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/aws/ecr_login.h"
#include "webhook/clock.h"
#include "webhook/config/read_file.h"

namespace tegata::webhook {
namespace {

/// `HOST` or `HOST:PORT`, lower case, as an image reference names it; IPv6 in brackets.
bool is_registry_name(std::string_view text) {
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == text.npos ? 0 : bracket);
  const auto host = text.substr(0, colon);
  if (host.empty() || host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_[]:") != host.npos)
    return false;
  if (colon == text.npos) return true;
  const auto port = text.substr(colon + 1);
  return !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
}

Status check_ca(const std::string& file) {
  TEGATA_TRY(const auto pem, read_file(file, limits::kInputFile));
  if (pem.find("-----BEGIN CERTIFICATE-----") == pem.npos)
    return Error{ErrorCode::Misconfigured, file + " (--registry-ca) contains no PEM certificate"};
  return done();
}

Error misconfigured_aws(std::string message) { return {ErrorCode::Misconfigured, std::move(message)}; }

}  // namespace

Result<std::map<std::string, verifier::AwsRole>> aws_roles(const RegistryOptions& options) {
  std::map<std::string, verifier::AwsRole> roles;
  for (const auto& arn : options.aws_roles) {
    const auto account = verifier::account_of_role(arn);
    if (!account.ok()) return account.error().in("--aws-role");
    if (!roles.try_emplace(*account, verifier::AwsRole{arn}).second)
      return misconfigured_aws("--aws-role: two roles for the account " + *account);
    if (roles.size() > limits::kAwsRoles)
      return misconfigured_aws("--aws-role: more than " + std::to_string(limits::kAwsRoles) + " roles");
  }
  for (const auto& pair : options.aws_external_ids) {
    const auto equals = pair.find('=');
    const auto role = roles.find(pair.substr(0, equals));
    if (equals == pair.npos || role == roles.end())
      return misconfigured_aws(
          "--aws-external-id requires ACCOUNT=ID, with an account that has an --aws-role");
    if (!role->second.external_id.empty())
      return misconfigured_aws("--aws-external-id: two for the account " + role->first);
    role->second.external_id = pair.substr(equals + 1);
    if (auto fits = verifier::check_external_id(role->second.external_id); !fits.ok())
      return fits.error().in("--aws-external-id");
  }
  return roles;
}

Result<ConfiguredRegistries> registry_settings(const RegistryOptions& options,
                                               std::function<void(const char* what)> on_exception) {
  verifier::RegistrySettings settings;
  for (const auto& name : options.insecure_plain_http) {
    if (!is_registry_name(name))
      return Error{ErrorCode::Misconfigured,
                   "--insecure-plain-http: '" + name + "' is not HOST or HOST:PORT in lower case"};
    settings.insecure_plain_http.insert(name);
  }
  if (!options.registry_ca.empty()) {
    TEGATA_CHECK(check_ca(options.registry_ca));
    settings.http.ca_file = options.registry_ca;
  }
  TEGATA_TRY(auto config, verifier::DockerConfig::load(verifier::DockerConfig::default_path()));
  auto docker = std::make_shared<verifier::DockerCredentials>(std::move(config));
  verifier::AwsSettings aws;
  TEGATA_TRY(aws.roles, aws_roles(options));
  aws.insecure_plain_http = settings.insecure_plain_http;
  aws.on_exception = std::move(on_exception);
  aws.now = now;
  auto client = std::make_shared<verifier::AwsClient>(std::move(aws));
  settings.credentials = std::make_shared<verifier::EcrCredentials>(docker, client);
  return ConfiguredRegistries{std::move(settings), std::move(docker), std::move(client)};
}

}  // namespace tegata::webhook
