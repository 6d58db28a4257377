// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/document/policy_set.h"
#include "policy/model/result.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::webhook {

/// Policies and their trust material, loaded together, or the errors.
struct LoadedPolicies {
  /// Never null: it also lists files that could not be read.
  std::shared_ptr<const verifier::TrustMaterial> trust;
  std::shared_ptr<const policy::PolicySet> policies;  ///< null if there are `errors`
  std::vector<std::string> errors;                    ///< one line each, with its position

  /// Every file that the policies depend on: keys, certificates and roots.
  [[nodiscard]] std::vector<std::string> trust_files() const;
  /// One sentence about the errors.
  [[nodiscard]] Error error(const std::string& path) const;
};

/// The files behind `--trusted-root FILE`; an empty path: none.
[[nodiscard]] TrustedRootFiles default_root(const std::string& path);

/// Loads the policies at `path`; `trusted_root` (empty: none) is the root of those that name none. `pipes`
/// is for all files.
[[nodiscard]] LoadedPolicies load_with_trust(const std::string& path, const std::string& trusted_root,
                                             verifier::Pipes pipes = verifier::Pipes::Refused);

}  // namespace tegata::webhook
