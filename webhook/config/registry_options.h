// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/model/result.h"
#include "verifier/oci/registry_settings.h"

namespace tegata::webhook {

/// The options about registries, which every command that asks one shares (design.md, section 8).
struct RegistryOptions {
  std::vector<std::string> insecure_plain_http;  ///< --insecure-plain-http HOST[:PORT], as written
  std::string registry_ca;                       ///< --registry-ca FILE; empty: the system's
};

/// The settings that they mean, with docker's config.json read from where docker looks for it.
/// Misconfigured: something that is no HOST[:PORT], a file that cannot be read or holds no
/// certificate, or a config.json that is none.
[[nodiscard]] Result<verifier::RegistrySettings> registry_settings(const RegistryOptions& options);

}  // namespace tegata::webhook
