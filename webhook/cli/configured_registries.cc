// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/configured_registries.h"

#include <ostream>

namespace tegata::webhook::cli {

Result<verifier::RegistrySettings> configured_registries(const RegistryOptions& options,
                                                         const std::string& command,
                                                         const Terminal& terminal) {
  TEGATA_TRY(auto registries, registry_settings(options));
  for (const auto& warning : registries.docker->config()->warnings())
    terminal.err << command << ": warning: " << warning << "\n";
  return std::move(registries.settings);
}

}  // namespace tegata::webhook::cli
