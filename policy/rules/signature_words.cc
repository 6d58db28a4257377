// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/signature_words.h"

#include <algorithm>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

std::string how_many(const SignerDemand& demand, const std::string& one, const std::string& many) {
  if (demand.trust->authorities.size() == 1) return one + " by ";
  switch (demand.combine) {
    case SignerDemand::Combine::AnyOf:
      return one + " by one of ";
    case SignerDemand::Combine::AllOf:
      return many + " by each of ";
    case SignerDemand::Combine::Threshold:
      return many + " by at least " + std::to_string(demand.threshold) + " of ";
  }
  return one + " by ";
}

/// What a signature claims of which something is asked, for a verified one that does not hold.
std::string claimed(const SignatureCheck& check, const VerifiedSignature& signature) {
  std::string text;
  for (const auto& [key, value] : check.annotations) {
    const auto found = signature.annotations().find(key);
    text += ", " + printable(key, 60) + "=" +
            (found == signature.annotations().end() ? "(absent)" : quoted(found->second, 60));
  }
  if (check.identity)
    text += ", docker-reference " +
            (signature.docker_reference() ? quoted(*signature.docker_reference(), 120) : "(none)");
  return text.empty() ? text : " claiming " + text.substr(2);
}

/// How many candidates concern the check; each of its authorities was held against all of them.
std::size_t candidates_of(const SignerDemand& demand, const SignatureFacts& facts) {
  std::size_t most = 0;
  for (const auto& authority : demand.trust->authorities)
    if (const auto* known = facts.of(authority.id))
      most = std::max(most, known->verified.size() + known->rejected.size());
  return most;
}

using Claimed = std::function<std::string(const VerifiedSignature&)>;

std::string first_of(const SignerDemand& demand, const SignatureFacts& facts, const Claimed& claimed) {
  for (const auto& authority : demand.trust->authorities) {
    const auto* known = facts.of(authority.id);
    if (known != nullptr && !known->verified.empty())
      return "; by " + sentence(authority.name, 200) + claimed(known->verified.front());
  }
  const auto* rejection = first_rejection(demand, facts);
  if (rejection == nullptr) return {};
  return "; " + std::string(name_of(rejection->reason)) + ": " + sentence(rejection->detail, 200);
}

}  // namespace

const Rejection* first_rejection(const SignerDemand& demand, const SignatureFacts& facts) {
  for (const auto& authority : demand.trust->authorities)
    if (const auto* known = facts.of(authority.id); known != nullptr && !known->rejected.empty())
      return &known->rejected.front();
  return nullptr;
}

std::string expected_signers(const SignerDemand& demand, const std::string& one, const std::string& many) {
  std::vector<std::string> names;
  for (const auto& authority : demand.trust->authorities) names.push_back(authority.name);
  const bool any = demand.combine == SignerDemand::Combine::AnyOf;
  return how_many(demand, one, many) + listed(names, any ? " or " : " and ");
}

std::string found_signers(const SignerDemand& demand, const SignatureFacts& facts,
                          const std::vector<std::string>& satisfied, const std::string& thing,
                          const Claimed& claimed) {
  if (facts.too_many)
    return "more " + thing + " candidates than the " + std::to_string(limits::kReferrers) +
           " that are looked at";
  const auto candidates = candidates_of(demand, facts);
  if (candidates == 0) return "no " + thing;
  std::string text = std::to_string(candidates) + " " + thing + " candidate";
  if (candidates != 1) text += "s";
  if (!satisfied.empty()) return text + ", good ones by " + listed(satisfied, " and ") + " only";
  return text + first_of(demand, facts, claimed);
}

std::string expected_signatures(const SignatureCheck& check) {
  auto text = expected_signers(check, "a signature", "signatures");
  for (const auto& [key, value] : check.annotations)
    text += " with annotation " + printable(key, 60) + "=" + quoted(value, 60);
  if (check.identity) text += " for docker-reference " + check.identity->text();
  if (check.repository) text += " in " + check.repository->text();
  return text;
}

std::string found_signatures(const SignatureCheck& check, const SignatureFacts& facts,
                             const std::vector<std::string>& satisfied) {
  return found_signers(check, facts, satisfied, "signature",
                       [&](const VerifiedSignature& signature) { return claimed(check, signature); });
}

}  // namespace tegata::policy
