// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/judge_signers.h"
#include "policy/rules/signature_words.h"

namespace tegata::policy {

Sufficiency sufficiency_of(const SignatureCheck& check) {
  std::string text;
  for (const auto& [key, value] : check.annotations)
    text += "/" + std::to_string(key.size()) + key + "=" + std::to_string(value.size()) + value;
  if (check.identity) text += "/" + check.identity->text();
  return sufficiency_of(check, text, [check](const VerifiedSignature& signature, Time) {
    return claims_hold(check, signature);
  });
}

std::optional<RawFinding> judge_signature(const SignatureCheck& check, const ImageEvidence& image) {
  return judge_signers({check,
                        [&](const VerifiedSignature& signature) { return claims_hold(check, signature); },
                        {Reason::SignatureMissing, Reason::SignatureByOtherSigner, Reason::SignatureInvalid,
                         Reason::SignatureClaimMismatch, Reason::SignaturesTooFew},
                        expected_signatures(check),
                        [&](const SignatureFacts& facts, const std::vector<std::string>& satisfied) {
                          return found_signatures(check, facts, satisfied);
                        },
                        {"sign the image where it is built", "sign"}},
                       image);
}

}  // namespace tegata::policy
