// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/judge_signers.h"

#include "policy/model/limits.h"
#include "policy/rules/known_fact.h"

namespace tegata::policy {
namespace {

enum class Refused { ByOtherSigner, Invalid };

/// Whether a rejected candidate is somebody else's, or broken.
Refused kind_of(RejectionReason rejection) {
  switch (rejection) {
    case RejectionReason::OtherSigner:
    case RejectionReason::BundleNeedsIdentity:
    case RejectionReason::CertificateAbsent:
    case RejectionReason::CertificateUntrusted:
    case RejectionReason::IdentityMismatch:
      return Refused::ByOtherSigner;
    case RejectionReason::SignatureAbsent:
    case RejectionReason::SignatureMalformed:
    case RejectionReason::PayloadMalformed:
    case RejectionReason::PayloadOtherType:
    case RejectionReason::PayloadOtherImage:
    case RejectionReason::TooLarge:
    case RejectionReason::ContentAbsent:
    case RejectionReason::ContentOtherDigest:
    case RejectionReason::BundleMalformed:
    case RejectionReason::SignatureNotByCertificate:
    case RejectionReason::CertificateMalformed:
    case RejectionReason::CertificateNotValid:
    case RejectionReason::CertificateTimestampMissing:
    case RejectionReason::CertificateTimestampInvalid:
    case RejectionReason::SigningTimeUnknown:
    case RejectionReason::TimestampMissing:
    case RejectionReason::TimestampInvalid:
    case RejectionReason::LogEntryMissing:
    case RejectionReason::LogEntryMalformed:
    case RejectionReason::LogEntryOfOther:
    case RejectionReason::LogEntryUntrusted:
    case RejectionReason::InclusionProofInvalid:
    case RejectionReason::CheckpointInvalid:
      return Refused::Invalid;
  }
  return Refused::Invalid;
}

/// The first that applies: a claim that is missing, another signer, nothing but broken ones.
Reason reason_of_refusal(const SignerJudgement& judgement, const Digest& image, const SignatureFacts& facts) {
  bool other_signer = false;
  for (const auto& authority : judgement.demand.trust->authorities) {
    const auto* known = facts.of(authority.id);
    if (known == nullptr) continue;
    for (const auto& signature : known->verified)
      if (signature.image() == image && signature.authority() == authority.id)
        return judgement.reasons.claim_mismatch;
    for (const auto& rejection : known->rejected)
      other_signer |= kind_of(rejection.reason) == Refused::ByOtherSigner;
  }
  return other_signer ? judgement.reasons.by_other_signer : judgement.reasons.invalid;
}

std::string pinned(const ImageReference& image, const FactsAtHand& at_hand) {
  return image.repository().text() + "@" + at_hand.image.text();
}

/// The fix for a violation with that reason.
std::string remedy_of(const SignerJudgement& judgement, Reason reason, const FactsAtHand& at_hand,
                      const ImageReference& image, const std::vector<std::string>& satisfied) {
  if (reason == Reason::TooManyCandidates)
    return "ask the owner of " + signature_repository(judgement.demand, image).text() +
           " to delete signatures and referrers of this digest until at most " +
           std::to_string(limits::kReferrers) + " are left";
  const auto name = pinned(image, at_hand);
  if (reason == judgement.reasons.too_few)
    return remedy_of_too_few(judgement.demand, satisfied, judgement.signing(), name);
  if (reason == judgement.reasons.invalid)
    if (auto remedy = remedy_of_unproven(judgement.demand, at_hand.facts, judgement.signing(), name);
        !remedy.empty())
      return remedy;
  return judgement.remedy(reason, name);
}

RawFinding violation(const SignerJudgement& judgement, const FactsAtHand& at_hand,
                     const ImageReference& image, const std::vector<std::string>& satisfied) {
  const Reason reason = at_hand.facts.too_many ? Reason::TooManyCandidates
                        : !satisfied.empty()   ? judgement.reasons.too_few
                                               : reason_of_refusal(judgement, at_hand.image, at_hand.facts);
  return {reason, judgement.expected, judgement.found(at_hand.facts, satisfied),
          remedy_of(judgement, reason, at_hand, image, satisfied)};
}

std::vector<std::string> names_of_satisfied(const SignerDemand& demand,
                                            const std::vector<AuthorityAnswer>& answers) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] == AuthorityAnswer::Satisfied) names.push_back(demand.trust->authorities[i].name);
  return names;
}

std::optional<RawFinding> judge_facts(const SignerJudgement& judgement, const FactsAtHand& at_hand,
                                      const ImageReference& image) {
  const auto answers = answers_of(judgement.demand, judgement.accepts, at_hand.image, at_hand.facts);
  const auto satisfied = names_of_satisfied(judgement.demand, answers);
  switch (combined(judgement.demand, answers)) {
    case AuthorityAnswer::Satisfied:
      return std::nullopt;
    case AuthorityAnswer::Unknown:
      return at_hand.facts.unknown ? could_not_check(*at_hand.facts.unknown, judgement.expected,
                                                     signature_repository(judgement.demand, image))
                                   : not_answered(judgement.expected);
    case AuthorityAnswer::Violates:
      return violation(judgement, at_hand, image, satisfied);
    case AuthorityAnswer::Missing:
      return RawFinding{judgement.reasons.missing, judgement.expected,
                        judgement.found(at_hand.facts, satisfied),
                        remedy_of_missing(judgement.demand, judgement.signing(), pinned(image, at_hand))};
  }
  return not_answered(judgement.expected);
}

}  // namespace

const Repository& signature_repository(const SignerDemand& demand, const ImageReference& image) {
  return demand.repository ? *demand.repository : image.repository();
}

void ask_signatures(const SignerDemand& demand, ImageQuestions& image) {
  image.ask<SignatureKind>({signature_repository(demand, image.image), {demand.trust}});
}

std::variant<FactsAtHand, RawFinding> facts_at_hand(const SignerDemand& demand, const std::string& expected,
                                                    const ImageEvidence& image) {
  auto digest = digest_of(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&digest)) return std::move(*finding);
  const auto& repository = signature_repository(demand, image.reference);
  const auto* fact =
      image.facts == nullptr ? nullptr : image.facts->facts.find_if<SignatureKind>([&](const auto& asked) {
        return asked.repository == repository;
      });
  auto known = known_value<SignatureKind>(fact, expected, "the registry has no such image", repository);
  if (auto* finding = std::get_if<RawFinding>(&known)) return std::move(*finding);
  return FactsAtHand{std::get<Digest>(digest), *std::get<const SignatureFacts*>(known)};
}

RawFindings judge_signers(const SignerJudgement& judgement, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return {};
  auto at_hand = facts_at_hand(judgement.demand, judgement.expected, image);
  if (auto* finding = std::get_if<RawFinding>(&at_hand)) return {std::move(*finding)};
  auto finding = judge_facts(judgement, std::get<FactsAtHand>(at_hand), image.reference);
  if (!finding) return {};
  return {*std::move(finding)};
}

Sufficiency sufficiency_of(const SignerDemand& demand, const std::string& text,
                           std::function<bool(const VerifiedSignature&, Time now)> accepts) {
  auto whole =
      "/" + std::to_string(static_cast<int>(demand.combine)) + "/" + std::to_string(demand.threshold) + text;
  return {std::move(whole),
          [demand, accepts = std::move(accepts)](const Digest& image, const SignatureFacts& facts) {
            const auto accepted = [&](const VerifiedSignature& signature) {
              return accepts(signature, facts.verified_at);
            };
            return combined(demand, answers_of(demand, accepted, image, facts)) == AuthorityAnswer::Satisfied;
          }};
}

}  // namespace tegata::policy
