// SPDX-License-Identifier: Apache-2.0
#include "policy/model/printable.h"
#include "policy/rules/attestation_words.h"
#include "policy/rules/judge_signers.h"

namespace tegata::policy {

// What the predicate must say is part of the authorities' ids, so it need not stand here again.
Sufficiency sufficiency_of(const AttestationCheck& check) {
  return sufficiency_of(check, "/" + check.predicate_type,
                        [check](const VerifiedSignature& attestation, Time now) {
                          return claims_hold(check, attestation, now);
                        });
}

std::optional<RawFinding> judge_attestation(const AttestationCheck& check, const ImageEvidence& image) {
  return judge_signers(
      {check,
       [&](const VerifiedSignature& attestation) { return claims_hold(check, attestation, image.now); },
       {Reason::AttestationMissing, Reason::AttestationByOtherSigner, Reason::AttestationInvalid,
        Reason::AttestationPredicateMismatch, Reason::AttestationsTooFew},
       expected_attestations(check),
       [&](const SignatureFacts& facts, const std::vector<std::string>& satisfied) {
         return found_attestations(check, facts, satisfied);
       },
       {"attest the image where it is built or approved",
        "attest --type " + printable(check.type, 120) + " --predicate FILE"}},
      image);
}

}  // namespace tegata::policy
