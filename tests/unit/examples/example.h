// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/document/policy_set.h"
#include "tests/support/virtual_sigstore.h"
#include "verifier/sigstore/signature_verifier.h"

namespace tegata::testing {

/// A policy of examples/, loaded with a Sigstore in memory as the default root, and what it says of an
/// image beside which real attestations stand: signed, logged, verified, judged.
class Example {
 public:
  explicit Example(const std::string& file);

  /// An attestation about the image, as `cosign attest` would push it.
  [[nodiscard]] verifier::Candidate attest(const SigningRequest& by, const std::string& type,
                                           const std::string& predicate);
  /// The same about another image.
  [[nodiscard]] verifier::Candidate attest_other(const SigningRequest& by, const std::string& type,
                                                 const std::string& predicate);

  /// `allow`, or `RULE: REASON: FOUND` for each finding, one a line. The attestations are verified at one
  /// time and judged at another, later than they, as facts are that are kept.
  [[nodiscard]] std::string told(const std::vector<verifier::Candidate>& beside, Time verified,
                                 Time judged) const;
  [[nodiscard]] std::string told(const std::vector<verifier::Candidate>& beside, Time now) const {
    return told(beside, now, now);
  }
  /// What `lint` says of it, one a line.
  [[nodiscard]] std::string doubts() const;

 private:
  [[nodiscard]] verifier::Candidate attest_for(const Digest& image, const SigningRequest& by,
                                               const std::string& type, const std::string& predicate);

  VirtualSigstore world_;
  std::shared_ptr<verifier::TrustMaterial> material_ = std::make_shared<verifier::TrustMaterial>();
  policy::PolicySet policies_;
};

}  // namespace tegata::testing
