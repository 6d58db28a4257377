// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "policy/document/policy_set.h"
#include "verifier/sigstore/trust_material.h"

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

/// Says in time that a trusted root goes stale. Thread-safe.
class RootWarnings {
 public:
  void replace(std::vector<RootExpiry> expiries);
  /// A line of the log for each part that ends within limits::kCertificateWarning or has ended; once a
  /// day, and anew after replace().
  void warn(Time now);
  /// Until the first of them ends; negative afterwards; infinite where nothing ends.
  [[nodiscard]] double seconds_left(Time now) const;

 private:
  mutable std::mutex mutex_;
  std::vector<RootExpiry> expiries_;  ///< the earliest first
  std::optional<Time> warned_;
};

}  // namespace tegata::webhook
