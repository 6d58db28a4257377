// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "webhook/cli/command.h"
#include "webhook/engine/loaded_policies.h"

namespace tegata::webhook::cli {

/// The policies at `path` with all that they trust; `trusted_root` is that of --trusted-root, or empty.
/// Empty where there is an error; then every error has been written to the terminal's `err`, one a line.
[[nodiscard]] std::optional<LoadedPolicies> load_policy(const std::string& path,
                                                        const std::string& trusted_root,
                                                        const Terminal& terminal);

}  // namespace tegata::webhook::cli
