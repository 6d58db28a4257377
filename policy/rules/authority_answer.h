// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"

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

}  // namespace tegata::policy
