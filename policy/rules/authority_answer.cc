// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/signer_rules.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tegata::policy {
namespace {

class Matching {
 public:
  explicit Matching(const std::vector<std::vector<std::string>>& signers) : signers_(signers) {}

  /// Finds a signer for the authority, if need be by giving others another signer.
  bool match(std::size_t authority) {
    tried_.clear();
    return augment(authority);
  }
  [[nodiscard]] const std::map<std::string, std::size_t>& pairs() const { return pairs_; }

 private:
  // Each level passes through another authority, because no signer is tried twice and each matched
  // signer leads to its own.
  bool augment(std::size_t authority) {
    for (const auto& signer : signers_[authority]) {
      if (!tried_.insert(signer).second) continue;
      const auto holder = pairs_.find(signer);
      if (holder != pairs_.end() && !augment(holder->second)) continue;
      pairs_[signer] = authority;
      return true;
    }
    return false;
  }

  const std::vector<std::vector<std::string>>& signers_;
  std::map<std::string, std::size_t> pairs_;
  std::set<std::string> tried_;
};

/// Given the signers that satisfy each authority: which authorities count when each signer counts for one
/// only. As many as there can be (a maximum matching; Kuhn's augmenting paths, no recursion deeper than
/// the number of authorities). Alice, satisfying two authorities, counts once; Alice and Bob, both
/// satisfying both, count twice.
std::vector<bool> counted_once(const std::vector<std::vector<std::string>>& signers) {
  Matching matching(signers);
  for (std::size_t i = 0; i < signers.size(); ++i) matching.match(i);
  std::vector<bool> counted(signers.size());
  for (const auto& [signer, authority] : matching.pairs()) counted[authority] = true;
  return counted;
}

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

/// The signers that satisfy each authority.
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
