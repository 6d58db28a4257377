// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/configuration.h"

#include <ostream>

namespace tegata::webhook::cli {

std::optional<LoadedPolicies> load_policy(const std::string& path, const std::string& trusted_root,
                                          const Terminal& terminal) {
  auto loaded = load_with_trust(path, trusted_root);
  if (loaded.policies != nullptr) return loaded;
  for (const auto& error : loaded.errors) terminal.err << error << "\n";
  return std::nullopt;
}

Result<verifier::RegistrySettings> configured_registries(const RegistryOptions& options,
                                                         const std::string& command,
                                                         const Terminal& terminal) {
  TEGATA_TRY(auto registries, registry_settings(options));
  for (const auto& warning : registries.docker->config()->warnings())
    terminal.err << command << ": warning: " << warning << "\n";
  return std::move(registries.settings);
}

}  // namespace tegata::webhook::cli
