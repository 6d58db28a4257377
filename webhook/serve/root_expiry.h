// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/document/policy_set.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::webhook {

/// A part of a trusted root that policies need, and when the last of it ends.
struct RootExpiry {
  TrustedRootId root;
  std::string part;  ///< `certificate authority`, `transparency log`, …
  /// From then on nothing new can be proven by it. 1970 where the root holds none at all.
  Time end;
};

/// Every part of every root that an authority of `policies` needs and that comes to an end, the earliest
/// first. Only an authority with a certificate needs certificate authorities; the rest as its proof asks.
[[nodiscard]] std::vector<RootExpiry> root_expiries(const policy::PolicySet& policies,
                                                    const verifier::TrustMaterial& trust);

}  // namespace tegata::webhook
