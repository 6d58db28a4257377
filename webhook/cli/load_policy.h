// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "policy/document/policy_set.h"
#include "verifier/crypto/key_ring.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {

/// The policies at `path`, with their keys in `keys`. Null where there is an error; then every error
/// has been written to the terminal's `err`, one a line.
[[nodiscard]] std::shared_ptr<const policy::PolicySet> load_policy(const std::string& path,
                                                                   verifier::KeyRing& keys,
                                                                   const Terminal& terminal);

}  // namespace tegata::webhook::cli
