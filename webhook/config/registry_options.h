// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/model/result.h"
#include "verifier/oci/registry_settings.h"

namespace tegata::webhook {

/// The options about registries, which every command that asks one shares.
struct RegistryOptions {
  std::vector<std::string> insecure_plain_http;  ///< --insecure-plain-http HOST[:PORT], as written
  std::string registry_ca;                       ///< --registry-ca FILE; empty: the system's
};

struct ConfiguredRegistries {
  verifier::RegistrySettings settings;
  std::shared_ptr<verifier::DockerCredentials> docker;  ///< those of `settings`, from docker's config.json
};

/// The settings that they mean, with docker's config.json read from where docker looks for it.
/// Misconfigured: a name that is not HOST[:PORT], a CA file that cannot be read or holds no certificate, or a
/// config.json that cannot be read.
[[nodiscard]] Result<ConfiguredRegistries> registry_settings(const RegistryOptions& options);

}  // namespace tegata::webhook
