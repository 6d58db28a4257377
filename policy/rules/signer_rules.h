// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"
#include "policy/rules/rules.h"

/// Rules about signers: what an image's candidates say about the authorities of a check
/// (authority_answer.cc), in which words (signer_words.cc: who was expected to sign, what was found, and how
/// to get it signed), and the finding (judge_signers.cc). The rules themselves, for signatures and for
/// attestations, are in signer_rules.cc.
namespace tegata::policy {

/// What an image's candidates say about one authority, best first.
enum class AuthorityAnswer { Satisfied, Unknown, Violates, Missing };

/// Whether a verified signature, or attestation, meets what a check requires besides its signer.
using Accepts = std::function<bool(const VerifiedSignature&)>;

/// A candidate that verifies, and is accepted, satisfies. Else: something could not be checked,
/// unknown; any candidate, violates; none, missing. A list longer than our bound violates even where
/// something could not be checked, so that adding candidates cannot soften the answer.
[[nodiscard]] AuthorityAnswer answer_of(const AuthorityId& authority, const Accepts& accepts,
                                        const Digest& image, const SignatureFacts& facts);

/// The same for each authority of a check, in their order. For a threshold, an authority
/// counts as satisfied only as far as there are signers for all: one signer satisfies one of them.
[[nodiscard]] std::vector<AuthorityAnswer> answers_of(const SignerDemand& demand, const Accepts& accepts,
                                                      const Digest& image, const SignatureFacts& facts);

/// The verified signatures for `image` that one authority of the check and the check accept.
[[nodiscard]] std::vector<const VerifiedSignature*> accepted_by(const SignerDemand& demand,
                                                                const Accepts& accepts, const Digest& image,
                                                                const SignatureFacts& facts);

/// Whether a signature claims what a check asks: annotations, docker-reference.
[[nodiscard]] bool claims_hold(const SignatureCheck& check, const VerifiedSignature& signature);
/// Whether an attestation is of the required type, and its predicate meets the conditions, also `now`.
[[nodiscard]] bool claims_hold(const AttestationCheck& check, const VerifiedSignature& attestation, Time now);

/// anyOf: the best answer; allOf: the worst; threshold: Satisfied by N, Unknown if satisfied and
/// unknown together reach N, else Violates if there is any candidate, else Missing.
[[nodiscard]] AuthorityAnswer combined(const SignerDemand& demand,
                                       const std::vector<AuthorityAnswer>& answers);
/// Whether these facts satisfy a check.
[[nodiscard]] bool satisfied(const SignerDemand& demand, const Accepts& accepts, const Digest& image,
                             const SignatureFacts& facts);

/// `a signature by one of a.pub or b.pub`; `one` is `a signature`, `many` is `signatures`.
[[nodiscard]] std::string expected_signers(const SignerDemand& demand, const std::string& one,
                                           const std::string& many);
/// `3 signature candidates; OtherSigner: ...`: how many, and the first that does not count; or, where
/// some of the authorities (by file name in `satisfied`) are satisfied, which these are. `thing` is
/// `signature`; `claimed` describes the first verified one, where none is satisfied.
[[nodiscard]] std::string found_signers(const SignerDemand& demand, const SignatureFacts& facts,
                                        const std::vector<std::string>& satisfied, const std::string& thing,
                                        const std::function<std::string(const VerifiedSignature&)>& claimed);

/// Who makes an image have what is required of its signers, and how.
struct Signing {
  std::string_view who;   ///< `ask the owner of the build pipeline to `
  std::string_view verb;  ///< `sign`
  std::string command;    ///< cosign's, without the signer: `sign`, `attest --type TYPE --predicate FILE`
};

/// Cosign's command as it is typed, for the kinds of signers that are required: a key is named to it, an
/// identity is whose browser or pipeline it runs in. `image` is `HOST/PATH@DIGEST`.
[[nodiscard]] std::string cosign_command(const SignerDemand& demand, const std::string& command,
                                         const std::string& image);

/// The fix for an image that has nothing from its signers.
[[nodiscard]] std::string remedy_of_missing(const SignerDemand& demand, const Signing& signing,
                                            const std::string& image);

/// The same where the first candidate is well signed, but no required evidence proves when, or in which
/// log: signing it the same way again would not help, and taking it away would harm. Empty where something
/// else is wrong with it.
[[nodiscard]] std::string remedy_of_unproven(const SignerDemand& demand, const SignatureFacts& facts,
                                             const Signing& signing, const std::string& image);

/// The same where some of the signers have signed (`satisfied`, by name) and others have not.
[[nodiscard]] std::string remedy_of_too_few(const SignerDemand& demand,
                                            const std::vector<std::string>& satisfied, const Signing& signing,
                                            const std::string& image);

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
