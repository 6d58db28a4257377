// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "policy/rules/authority_answer.h"
#include "policy/rules/image_rules.h"
#include "policy/rules/signer_words.h"

namespace tegata::policy {

/// What a kind of check calls what it finds.
struct SignerReasons {
  Reason missing;
  Reason by_other_signer;
  Reason invalid;
  Reason claim_mismatch;  ///< by an expected signer, but without the required claims
  Reason too_few;
};

/// One check about signers, ready to be judged: signatures and attestations follow the same lattice.
struct SignerJudgement {
  const SignerDemand& demand;
  Accepts accepts;
  SignerReasons reasons;
  std::string expected;  ///< as text
  /// What was found, as text; the names are of the authorities that are satisfied.
  std::function<std::string(const SignatureFacts&, const std::vector<std::string>&)> found;
  std::function<Signing()> signing;  ///< called only where there is something to fix
  /// The fix for by_other_signer, invalid and claim_mismatch; `image` is `HOST/PATH@DIGEST`.
  std::function<std::string(Reason, const std::string& image)> remedy;
};

/// Where a check looks for this image's signatures.
[[nodiscard]] const Repository& signature_repository(const SignerDemand& demand, const ImageReference& image);
/// Asks for them. Rules that look in the same repository share one question.
void ask_signatures(const SignerDemand& demand, ImageQuestions& image);

/// At most one finding for an image; nothing for one that may not be looked up.
[[nodiscard]] RawFindings judge_signers(const SignerJudgement& judgement, const ImageEvidence& image);

/// The facts that a check is judged by.
struct AvailableFacts {
  Digest image;
  const SignatureFacts& facts;
};
/// Or the finding that explains why they are not available.
[[nodiscard]] std::variant<AvailableFacts, RawFinding> available_facts(const SignerDemand& demand,
                                                                       const std::string& expected,
                                                                       const ImageEvidence& image);

}  // namespace tegata::policy
