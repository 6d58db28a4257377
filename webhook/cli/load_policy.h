// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "policy/document/policy_set.h"
#include "policy/model/trust_settings.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// The files behind `--trusted-root FILE`; an empty path: none.
[[nodiscard]] TrustedRootFiles default_root(const std::string& path);

/// The policies at `path`; `trust` then holds what they name. Null where there is an error; then every error
/// has been written to the terminal's `err`, one a line.
[[nodiscard]] std::shared_ptr<const policy::PolicySet> load_policy(const std::string& path,
                                                                   TrustResolver& trust,
                                                                   const Terminal& terminal);

}  // namespace tegata::webhook::cli
