// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/model/result.h"
#include "verifier/oci/registry_settings.h"

namespace tegata::webhook {

/// The registry options that all commands share.
struct RegistryOptions {
  std::vector<std::string> insecure_plain_http;  ///< --insecure-plain-http HOST[:PORT], as written
  std::string registry_ca;                       ///< --registry-ca FILE; empty: the system's
};

struct ConfiguredRegistries {
  verifier::RegistrySettings settings;
  std::shared_ptr<verifier::DockerCredentials> docker;  ///< those of `settings`, from docker's config.json
};

/// The settings for these options, with docker's config.json from its default path. Misconfigured: a name
/// that is not HOST[:PORT], a CA file that cannot be read or contains no certificate, or a config.json that
/// cannot be read.
[[nodiscard]] Result<ConfiguredRegistries> registry_settings(const RegistryOptions& options);

}  // namespace tegata::webhook
