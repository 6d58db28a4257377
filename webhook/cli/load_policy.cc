// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/load_policy.h"

#include <ostream>

namespace tegata::webhook::cli {

std::optional<LoadedPolicies> load_policy(const std::string& path, const std::string& trusted_root,
                                          const Terminal& terminal) {
  auto loaded = load_with_trust(path, trusted_root);
  if (loaded.policies != nullptr) return loaded;
  for (const auto& error : loaded.errors) terminal.err << error << "\n";
  return std::nullopt;
}

}  // namespace tegata::webhook::cli
