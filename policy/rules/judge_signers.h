// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "policy/rules/authority_answer.h"
#include "policy/rules/image_rules.h"
#include "policy/rules/signer_remedy.h"

namespace tegata::policy {

/// What a kind of check calls what it finds.
struct SignerReasons {
  Reason missing;
  Reason by_other_signer;
  Reason invalid;
  Reason claim_mismatch;  ///< by an expected signer, but not what is asked of it
  Reason too_few;
};

/// One check about signers, ready to be judged: signatures and attestations follow the same lattice.
struct SignerJudgement {
  const SignerDemand& demand;
  Accepts accepts;
  SignerReasons reasons;
  std::string expected;  ///< in words
  /// What was found, in words; the names are of the authorities that are content.
  std::function<std::string(const SignatureFacts&, const std::vector<std::string>&)> found;
  Signing signing;
};

/// At most one finding for an image; nothing for one that may not be looked up.
[[nodiscard]] std::optional<RawFinding> judge_signers(const SignerJudgement& judgement,
                                                      const ImageEvidence& image);

/// The facts that a check is judged by.
struct FactsAtHand {
  Digest image;
  const SignatureFacts& facts;
};
/// Or the finding that says why there are none.
[[nodiscard]] std::variant<FactsAtHand, RawFinding> facts_at_hand(const SignerDemand& demand,
                                                                  const std::string& expected,
                                                                  const ImageEvidence& image);

/// When facts satisfy such a check; `text` is what else of it changes the answer. `accepts` is given the
/// time at which they were made.
[[nodiscard]] Sufficiency sufficiency_of(const SignerDemand& demand, const std::string& text,
                                         std::function<bool(const VerifiedSignature&, Time now)> accepts);

}  // namespace tegata::policy
