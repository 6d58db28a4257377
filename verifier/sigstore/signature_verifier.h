// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "policy/model/limits.h"
#include "policy/model/signature_facts.h"
#include "policy/model/trust_settings.h"
#include "verifier/crypto/work_budget.h"
#include "verifier/sigstore/candidate/candidate.h"
#include "verifier/sigstore/proof/prove_signer.h"
#include "verifier/sigstore/root/trust_material.h"

namespace tegata::verifier {

/// Decides which candidates are valid signatures or attestations of one image. Does no I/O; thread-safe.
class SignatureVerifier {
 public:
  class Run;

  explicit SignatureVerifier(std::shared_ptr<const TrustMaterial> trust) : trust_(std::move(trust)) {}

  /// The result for one candidate and one authority: a signature or attestation of `image` by the authority,
  /// or the reason why not. None: not a candidate for this authority (a bundle of another predicateType).
  using Outcome = std::variant<VerifiedSignature, Rejection>;
  [[nodiscard]] std::optional<Outcome> verify(const Digest& image, const Candidate& candidate,
                                              const Authority& authority, Time now) const;

  /// Checks every candidate against every authority; `evidence` stays empty. A key or root that was not
  /// loaded is a logic_error, because policies are loaded through the material. Above
  /// limits::kVerificationUnits the rest is skipped and `too_many` is set. A Run does the same in small
  /// steps.
  [[nodiscard]] SignatureFacts verify_all(const Digest& image, const Candidates& candidates,
                                          const TrustSettings& trust, Time now) const;

 private:
  [[nodiscard]] static Outcome check(const Digest& image, const SignedClaims& claims, SignerProof& proof,
                                     const Authority& authority, Time now);

  std::shared_ptr<const TrustMaterial> trust_;
};

/// verify_all() in small steps, so that a thread can do the work for other images in between. Not
/// thread-safe: the steps may run on different threads, one at a time.
class SignatureVerifier::Run {
 public:
  /// `candidates` and `trust` must outlive it.
  Run(const SignatureVerifier& verifier, const Digest& image, const Candidates& candidates,
      const TrustSettings& trust, Time now);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Examines one candidate, or checks it against one authority. False: there was nothing left to do. Throws
  /// as verify_all().
  [[nodiscard]] bool step();
  /// The result, once step() has returned false.
  [[nodiscard]] SignatureFacts facts() && { return std::move(facts_); }

 private:
  /// The candidate that is being checked.
  struct Current {
    Current(Examined of, std::size_t text) : examined(std::move(of)), bytes(text) {}
    const Examined examined;
    const std::size_t bytes;                ///< of the texts that are parsed
    std::optional<SignerProof> proof = {};  ///< none: the candidate is rejected for all authorities
    std::size_t next_authority = 0;
  };
  [[nodiscard]] bool advance();
  void begin(const Candidate& candidate, std::size_t bytes);
  void check(const Authority& authority, AuthorityFacts& facts);

  const SignatureVerifier verifier_;
  const Digest image_;
  const Candidates& candidates_;
  const TrustSettings& trust_;
  const Time now_;
  const Material material_;
  SignatureFacts facts_;
  std::size_t next_candidate_ = 0;
  WorkBudget budget_{limits::kVerificationUnits};
  std::optional<Current> current_;
};

}  // namespace tegata::verifier
