// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/authority_answer.h"

#include <algorithm>

#include "policy/rules/distinct_signers.h"

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

std::vector<const VerifiedSignature*> accepted(const AuthorityFacts& known, const Accepts& accepts,
                                               const Digest& image) {
  std::vector<const VerifiedSignature*> found;
  for (const auto& signature : known.verified)
    if (signature.image() == image && signature.authority() == known.authority && accepts(signature))
      found.push_back(&signature);
  return found;
}

/// By whom each authority is satisfied.
std::vector<std::vector<std::string>> signers_of(const SignerDemand& demand, const Accepts& accepts,
                                                 const Digest& image, const SignatureFacts& facts) {
  std::vector<std::vector<std::string>> signers;
  for (const auto& authority : demand.trust->authorities) {
    signers.emplace_back();
    if (const auto* known = facts.of(authority.id))
      for (const auto* signature : accepted(*known, accepts, image))
        signers.back().push_back(signature->signer());
  }
  return signers;
}

/// The answer of an authority for which no signature counts.
AuthorityAnswer unsatisfied(const AuthorityFacts* known, const SignatureFacts& facts) {
  if (facts.too_many) return AuthorityAnswer::Violates;
  // Facts that say nothing of an authority were asked under other trust settings.
  if (known == nullptr || facts.unknown) return AuthorityAnswer::Unknown;
  const bool any_candidate = !known->verified.empty() || !known->rejected.empty();
  return any_candidate ? AuthorityAnswer::Violates : AuthorityAnswer::Missing;
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

bool claims_hold(const AttestationCheck& check, const VerifiedSignature& attestation, Time now) {
  const auto& statement = attestation.statement();
  const auto& predicate = statement.predicate;
  return statement.predicate_type == check.predicate_type && !predicate.mismatch &&
         (!predicate.until || now < *predicate.until);
}

AuthorityAnswer answer_of(const AuthorityId& authority, const Accepts& accepts, const Digest& image,
                          const SignatureFacts& facts) {
  const auto* known = facts.of(authority);
  if (known != nullptr && !accepted(*known, accepts, image).empty()) return AuthorityAnswer::Satisfied;
  return unsatisfied(known, facts);
}

std::vector<AuthorityAnswer> answers_of(const SignerDemand& demand, const Accepts& accepts,
                                        const Digest& image, const SignatureFacts& facts) {
  std::vector<AuthorityAnswer> answers;
  for (const auto& authority : demand.trust->authorities)
    answers.push_back(answer_of(authority.id, accepts, image, facts));
  if (demand.combine != SignerDemand::Combine::Threshold) return answers;
  const auto counted = counted_once(signers_of(demand, accepts, image, facts));
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] == AuthorityAnswer::Satisfied && !counted[i])
      answers[i] = unsatisfied(facts.of(demand.trust->authorities[i].id), facts);
  return answers;
}

std::vector<const VerifiedSignature*> accepted_by(const SignerDemand& demand, const Accepts& accepts,
                                                  const Digest& image, const SignatureFacts& facts) {
  std::vector<const VerifiedSignature*> all;
  for (const auto& authority : demand.trust->authorities)
    if (const auto* known = facts.of(authority.id))
      for (const auto* signature : accepted(*known, accepts, image)) all.push_back(signature);
  return all;
}

AuthorityAnswer combined(const SignerDemand& demand, const std::vector<AuthorityAnswer>& answers) {
  // A check without authorities is refused by the reader; here it must not read as satisfied.
  if (answers.empty()) return AuthorityAnswer::Missing;
  switch (demand.combine) {
    case SignerDemand::Combine::AnyOf:
      return *std::min_element(answers.begin(), answers.end());
    case SignerDemand::Combine::AllOf:
      return *std::max_element(answers.begin(), answers.end());
    case SignerDemand::Combine::Threshold:
      return threshold_of(std::max<std::size_t>(demand.threshold, 1), answers);
  }
  return AuthorityAnswer::Missing;
}

bool satisfied(const SignerDemand& demand, const Accepts& accepts, const Digest& image,
               const SignatureFacts& facts) {
  return combined(demand, answers_of(demand, accepts, image, facts)) == AuthorityAnswer::Satisfied;
}

}  // namespace tegata::policy
