// SPDX-License-Identifier: Apache-2.0
#include "webhook/engine/loaded_policies.h"

#include "webhook/config/policy_files.h"

namespace tegata::webhook {

std::vector<std::string> LoadedPolicies::trust_files() const {
  std::vector<std::string> files;
  for (const auto& [path, digest] : trust->files_read()) files.push_back(path);
  return files;
}

Error LoadedPolicies::error(const std::string& path) const {
  if (errors.empty()) return {ErrorCode::Misconfigured, path + " contains no policy"};
  if (errors.size() == 1) return {ErrorCode::Misconfigured, errors.front()};
  return {ErrorCode::Misconfigured,
          path + " has " + std::to_string(errors.size()) + " errors; the first: " + errors.front()};
}

TrustedRootFiles default_root(const std::string& path) {
  TrustedRootFiles files;
  files.trusted_root = path;
  return files;
}

LoadedPolicies load_with_trust(const std::string& path, const std::string& trusted_root,
                               verifier::Pipes pipes) {
  auto trust = std::make_shared<verifier::TrustMaterial>(default_root(trusted_root), pipes);
  LoadedPolicies result{trust, nullptr, {}};
  auto loaded = load_policy_files(path, *trust, pipes);
  if (!loaded.ok()) {
    result.errors.push_back(loaded.error().message);
    return result;
  }
  for (const auto& diagnostic : loaded->errors) result.errors.push_back(diagnostic.text());
  if (loaded->policies && result.errors.empty())
    result.policies = std::make_shared<const policy::PolicySet>(std::move(*loaded->policies));
  return result;
}

}  // namespace tegata::webhook
