// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/load_policy.h"

#include <ostream>

#include "webhook/config/policy_files.h"

namespace tegata::webhook::cli {

TrustedRootFiles default_root(const std::string& path) {
  TrustedRootFiles files;
  files.trusted_root = path;
  return files;
}

std::shared_ptr<const policy::PolicySet> load_policy(const std::string& path, TrustResolver& trust,
                                                     const Terminal& terminal) {
  auto loaded = load_policies(path, trust);
  if (loaded.ok()) return std::make_shared<const policy::PolicySet>(*std::move(loaded));
  terminal.err << loaded.error().message << "\n";
  return nullptr;
}

}  // namespace tegata::webhook::cli
