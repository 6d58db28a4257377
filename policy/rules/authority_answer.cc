// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/authority_answer.h"

#include <algorithm>

namespace tegata::policy {
namespace {

AuthorityAnswer threshold_of(std::size_t wanted, const std::vector<AuthorityAnswer>& answers) {
  const auto count = [&](AuthorityAnswer answer) {
    return static_cast<std::size_t>(std::count(answers.begin(), answers.end(), answer));
  };
  const std::size_t satisfied = count(AuthorityAnswer::Satisfied);
  if (satisfied >= wanted) return AuthorityAnswer::Satisfied;
  if (satisfied + count(AuthorityAnswer::Unknown) >= wanted) return AuthorityAnswer::Unknown;
  return satisfied + count(AuthorityAnswer::Violates) > 0 ? AuthorityAnswer::Violates
                                                          : AuthorityAnswer::Missing;
}

}  // namespace

bool claims_hold(const SignatureCheck& check, const VerifiedSignature& signature) {
  for (const auto& [key, value] : check.annotations) {
    const auto found = signature.annotations().find(key);
    if (found == signature.annotations().end() || found->second != value) return false;
  }
  if (!check.identity) return true;
  if (!signature.docker_reference()) return false;
  const auto named = ImageReference::parse(*signature.docker_reference());
  return named.ok() && check.identity->matches(named->repository());
}

AuthorityAnswer answer_of(const KeyId& authority, const SignatureCheck& check, const Digest& image,
                          const SignatureFacts& facts) {
  const auto* known = facts.of(authority);
  const bool satisfied =
      known != nullptr &&
      std::any_of(known->verified.begin(), known->verified.end(), [&](const VerifiedSignature& signature) {
        return signature.image() == image && signature.signer() == authority && claims_hold(check, signature);
      });
  if (satisfied) return AuthorityAnswer::Satisfied;
  if (facts.too_many) return AuthorityAnswer::Violates;
  // Facts that say nothing of an authority were asked under other trust settings.
  if (known == nullptr || facts.unknown) return AuthorityAnswer::Unknown;
  const bool any_candidate = facts.candidates > 0 || !known->verified.empty() || !known->rejected.empty();
  return any_candidate ? AuthorityAnswer::Violates : AuthorityAnswer::Missing;
}

AuthorityAnswer combined(const SignatureCheck& check, const std::vector<AuthorityAnswer>& answers) {
  // A check without authorities is refused by the reader; here it must not read as satisfied.
  if (answers.empty()) return AuthorityAnswer::Missing;
  switch (check.combine) {
    case SignatureCheck::Combine::AnyOf:
      return *std::min_element(answers.begin(), answers.end());
    case SignatureCheck::Combine::AllOf:
      return *std::max_element(answers.begin(), answers.end());
    case SignatureCheck::Combine::Threshold:
      return threshold_of(std::max<std::size_t>(check.threshold, 1), answers);
  }
  return AuthorityAnswer::Missing;
}

}  // namespace tegata::policy
