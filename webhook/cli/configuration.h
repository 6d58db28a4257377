// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "webhook/cli/command.h"
#include "webhook/config/registry_options.h"
#include "webhook/engine/loaded_policies.h"

namespace tegata::webhook::cli {

/// The policies at `path` with their trust material; `trusted_root` is the value of --trusted-root, or empty.
/// Empty if there is an error; then every error has been written to the terminal's `err`, one per line.
[[nodiscard]] std::optional<LoadedPolicies> load_policy(const std::string& path,
                                                        const std::string& trusted_root,
                                                        const Terminal& terminal);

/// As registry_settings(). Warnings go to the terminal's `err`, under the command's name.
[[nodiscard]] Result<verifier::RegistrySettings> configured_registries(const RegistryOptions& options,
                                                                       const std::string& command,
                                                                       const Terminal& terminal);

}  // namespace tegata::webhook::cli
