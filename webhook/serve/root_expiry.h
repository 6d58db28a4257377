// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "policy/document/policy_set.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::webhook {

/// A part of a trusted root that policies need, and when the last entry of it expires.
struct RootExpiry {
  TrustedRootId root;
  std::string part;  ///< `certificate authority`, `transparency log`, …
  /// After this time it cannot prove new signatures. 1970 if the root has no such part.
  Time end;
};

/// Every part of every root that an authority of `policies` needs and that expires, earliest first. Only a
/// signer with a certificate needs certificate authorities; the other parts depend on the proof that the
/// authority requires.
[[nodiscard]] std::vector<RootExpiry> root_expiries(const policy::PolicySet& policies,
                                                    const verifier::TrustMaterial& trust);

/// Warns before a trusted root expires. Thread-safe.
class RootWarnings {
 public:
  void replace(std::vector<RootExpiry> expiries);
  /// Logs each part that expires within limits::kCertificateWarning or has expired; once a day, and again
  /// after replace().
  void warn(Time now);
  /// Seconds until the first part expires; negative afterwards; infinite if none expires.
  [[nodiscard]] double seconds_left(Time now) const;

 private:
  mutable std::mutex mutex_;
  std::vector<RootExpiry> expiries_;  ///< earliest first
  std::optional<Time> warned_;
};

}  // namespace tegata::webhook
