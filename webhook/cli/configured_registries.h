// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"

namespace tegata::webhook::cli {

/// As registry_settings(). Warnings go to the terminal's `err`, under the command's name.
[[nodiscard]] Result<verifier::RegistrySettings> configured_registries(const RegistryOptions& options,
                                                                       const std::string& command,
                                                                       const Terminal& terminal);

}  // namespace tegata::webhook::cli
