// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/registry_options.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "policy/model/limits.h"
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

}  // namespace

Result<ConfiguredRegistries> registry_settings(const RegistryOptions& options) {
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
  settings.credentials = docker;
  return ConfiguredRegistries{std::move(settings), std::move(docker)};
}

}  // namespace tegata::webhook
