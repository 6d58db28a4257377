// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/authority_answer.h"
#include "policy/rules/image_rules.h"
#include "policy/rules/resolved_tag.h"
#include "policy/rules/signature_words.h"

namespace tegata::policy {
namespace {

/// Which reason a rejected candidate gives.
Reason reason_of_rejection(RejectionReason rejection) {
  switch (rejection) {
    case RejectionReason::OtherSigner:
    case RejectionReason::BundleNeedsIdentity:
      return Reason::SignatureByOtherSigner;
    case RejectionReason::SignatureAbsent:
    case RejectionReason::SignatureMalformed:
    case RejectionReason::PayloadMalformed:
    case RejectionReason::PayloadOtherType:
    case RejectionReason::PayloadOtherImage:
    case RejectionReason::TooLarge:
    case RejectionReason::ContentAbsent:
    case RejectionReason::ContentOtherDigest:
    case RejectionReason::BundleMalformed:
      return Reason::SignatureInvalid;
  }
  return Reason::SignatureInvalid;
}

/// The first that applies: a claim that is missing, another signer, nothing but broken ones.
Reason reason_of_refusal(const SignatureCheck& check, const Digest& image, const SignatureFacts& facts) {
  bool other_signer = false;
  for (const auto& authority : check.trust->authorities) {
    const auto* known = facts.of(authority.key);
    if (known == nullptr) continue;
    for (const auto& signature : known->verified)
      if (signature.image() == image && signature.signer() == authority.key)
        return Reason::SignatureClaimMismatch;
    for (const auto& rejection : known->rejected)
      other_signer |= reason_of_rejection(rejection.reason) == Reason::SignatureByOtherSigner;
  }
  return other_signer ? Reason::SignatureByOtherSigner : Reason::SignatureInvalid;
}

RawFinding violation(const SignatureCheck& check, const Digest& image, const SignatureFacts& facts,
                     const std::vector<std::string>& satisfied) {
  const Reason reason = facts.too_many       ? Reason::TooManyCandidates
                        : !satisfied.empty() ? Reason::SignaturesTooFew
                                             : reason_of_refusal(check, image, facts);
  return {FindingKind::Violates, reason, expected_signatures(check),
          found_signatures(check, facts, satisfied)};
}

std::optional<RawFinding> judge_facts(const SignatureCheck& check, const Digest& image,
                                      const SignatureFacts& facts) {
  std::vector<AuthorityAnswer> answers;
  std::vector<std::string> satisfied;
  for (const auto& authority : check.trust->authorities) {
    answers.push_back(answer_of(authority.key, check, image, facts));
    if (answers.back() == AuthorityAnswer::Satisfied) satisfied.push_back(authority.file);
  }
  switch (combined(check, answers)) {
    case AuthorityAnswer::Satisfied:
      return std::nullopt;
    case AuthorityAnswer::Unknown:
      return facts.unknown ? could_not_check(*facts.unknown, expected_signatures(check))
                           : not_answered(expected_signatures(check));
    case AuthorityAnswer::Violates:
      return violation(check, image, facts, satisfied);
    case AuthorityAnswer::Missing:
      return RawFinding{FindingKind::Missing, Reason::SignatureMissing, expected_signatures(check),
                        found_signatures(check, facts, satisfied)};
  }
  return not_answered(expected_signatures(check));
}

}  // namespace

Sufficiency sufficiency_of(const SignatureCheck& check) {
  std::string text =
      "/" + std::to_string(static_cast<int>(check.combine)) + "/" + std::to_string(check.threshold);
  for (const auto& [key, value] : check.annotations)
    text += "/" + std::to_string(key.size()) + key + "=" + std::to_string(value.size()) + value;
  if (check.identity) text += "/" + check.identity->text();
  return {std::move(text), [check](const Digest& image, const SignatureFacts& facts) {
            std::vector<AuthorityAnswer> answers;
            for (const auto& authority : check.trust->authorities)
              answers.push_back(answer_of(authority.key, check, image, facts));
            return combined(check, answers) == AuthorityAnswer::Satisfied;
          }};
}

const Repository& signature_repository(const SignatureCheck& check, const ImageReference& image) {
  return check.repository ? *check.repository : image.repository();
}

std::optional<RawFinding> judge_signature(const SignatureCheck& check, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return std::nullopt;
  auto digest = image.reference.digest();
  if (!digest) {
    auto named = resolved_tag(image.facts, expected_signatures(check));
    if (auto* finding = std::get_if<RawFinding>(&named)) return std::move(*finding);
    digest = std::get<Digest>(named);
  }
  const auto* answer = image.facts == nullptr
                           ? nullptr
                           : image.facts->signatures_in(signature_repository(check, image.reference));
  if (answer == nullptr) return not_answered(expected_signatures(check));
  if (const auto* unknown = std::get_if<Unknown>(&answer->facts))
    return could_not_check(unknown->error, expected_signatures(check));
  if (std::holds_alternative<Absent>(answer->facts))
    return RawFinding{FindingKind::Missing, Reason::ImageNotFound, expected_signatures(check),
                      "the registry has no such image"};
  const auto& known = std::get<Known<std::shared_ptr<const SignatureFacts>>>(answer->facts).value;
  if (known == nullptr) return not_answered(expected_signatures(check));
  return judge_facts(check, *digest, *known);
}

}  // namespace tegata::policy
