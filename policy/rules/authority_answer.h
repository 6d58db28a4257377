// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"

namespace tegata::policy {

/// What an image's candidates say about one authority, best first (design.md, section 4).
enum class AuthorityAnswer { Satisfied, Unknown, Violates, Missing };

/// A candidate that verifies, with the claims that are asked, satisfies. Else: something could not
/// be checked, unknown; any candidate, violates; none, missing. A list longer than our bound
/// violates even where something could not be checked, so that piling up candidates gains nothing.
[[nodiscard]] AuthorityAnswer answer_of(const KeyId& authority, const SignatureCheck& check,
                                        const Digest& image, const SignatureFacts& facts);

/// Whether a signature claims what a check asks: annotations, docker-reference.
[[nodiscard]] bool claims_hold(const SignatureCheck& check, const VerifiedSignature& signature);

/// anyOf: the best answer; allOf: the worst; threshold: Satisfied by N, Unknown if satisfied and
/// unknown together reach N, else Violates if there is any candidate, else Missing.
[[nodiscard]] AuthorityAnswer combined(const SignatureCheck& check,
                                       const std::vector<AuthorityAnswer>& answers);

}  // namespace tegata::policy
