// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "verifier/oci/content_source.h"
#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"

namespace tegata::webhook::cli {

/// Live registries. What docker's config.json holds but is not used is told on the terminal's `err`,
/// after the name of the command.
[[nodiscard]] Result<std::unique_ptr<verifier::ContentSource>> open_registries(const RegistryOptions& options,
                                                                               const std::string& command,
                                                                               const Terminal& terminal);

}  // namespace tegata::webhook::cli
