// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/signature_words.h"

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

std::string how_many(const SignatureCheck& check) {
  switch (check.combine) {
    case SignatureCheck::Combine::AnyOf:
      return check.trust->authorities.size() == 1 ? "a signature by " : "a signature by one of ";
    case SignatureCheck::Combine::AllOf:
      return "signatures by each of ";
    case SignatureCheck::Combine::Threshold:
      return "signatures by at least " + std::to_string(check.threshold) + " of ";
  }
  return "a signature by ";
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

std::string first_of(const SignatureCheck& check, const SignatureFacts& facts) {
  for (const auto& authority : check.trust->authorities) {
    const auto* known = facts.of(authority.key);
    if (known != nullptr && !known->verified.empty())
      return "; by " + printable(authority.file, 120) + claimed(check, known->verified.front());
  }
  for (const auto& authority : check.trust->authorities) {
    const auto* known = facts.of(authority.key);
    if (known == nullptr || known->rejected.empty()) continue;
    const auto& rejection = known->rejected.front();
    return "; " + std::string(name_of(rejection.reason)) + ": " + printable(rejection.detail, 120);
  }
  return {};
}

}  // namespace

std::string expected_signatures(const SignatureCheck& check) {
  std::vector<std::string> files;
  for (const auto& authority : check.trust->authorities) files.push_back(authority.file);
  std::string text =
      how_many(check) + listed(files, check.combine == SignatureCheck::Combine::AnyOf ? " or " : " and ");
  for (const auto& [key, value] : check.annotations)
    text += " with annotation " + printable(key, 60) + "=" + quoted(value, 60);
  if (check.identity) text += " for docker-reference " + check.identity->text();
  if (check.repository) text += " in " + check.repository->text();
  return text;
}

std::string found_signatures(const SignatureCheck& check, const SignatureFacts& facts,
                             const std::vector<std::string>& satisfied) {
  if (facts.too_many)
    return "more signature candidates than the " + std::to_string(limits::kReferrers) + " that are looked at";
  if (facts.candidates == 0) return "no signature";
  std::string text = std::to_string(facts.candidates) + " signature candidate";
  if (facts.candidates != 1) text += "s";
  if (!satisfied.empty()) return text + ", good ones by " + listed(satisfied, " and ") + " only";
  return text + first_of(check, facts);
}

}  // namespace tegata::policy
