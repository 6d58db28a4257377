// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/open_registries.h"

#include <ostream>

#include "verifier/oci/registry_source.h"

namespace tegata::webhook::cli {

Result<std::unique_ptr<verifier::ContentSource>> open_registries(const RegistryOptions& options,
                                                                 const std::string& command,
                                                                 const Terminal& terminal) {
  TEGATA_TRY(auto registries, registry_settings(options));
  for (const auto& warning : registries.docker->config()->warnings())
    terminal.err << command << ": warning: " << warning << "\n";
  TEGATA_TRY(auto source, verifier::RegistrySource::open(std::move(registries.settings)));
  return std::unique_ptr<verifier::ContentSource>(std::move(source));
}

}  // namespace tegata::webhook::cli
