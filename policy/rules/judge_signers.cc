// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/signer_rules.h"

#include "policy/model/limits.h"
#include "policy/model/rfc3339.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

enum class Refused { ByOtherSigner, Invalid };

/// Whether a rejected candidate is by another signer, or invalid.
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

/// The first that applies: a claim that is missing, another signer, only invalid ones.
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

std::string pinned(const ImageReference& image, const AvailableFacts& available) {
  return image.repository().text() + "@" + available.image.text();
}

/// The fix for a violation with that reason.
std::string remedy_of(const SignerJudgement& judgement, Reason reason, const AvailableFacts& available,
                      const ImageReference& image, const std::vector<std::string>& satisfied) {
  if (reason == Reason::TooManyCandidates)
    return "ask the owner of " + signature_repository(judgement.demand, image).text() +
           " to delete signatures and referrers of this digest until at most " +
           std::to_string(limits::kReferrers) + " are left";
  const auto name = pinned(image, available);
  if (reason == judgement.reasons.too_few)
    return remedy_of_too_few(judgement.demand, satisfied, judgement.signing(), name);
  if (reason == judgement.reasons.invalid)
    if (auto remedy = remedy_of_unproven(judgement.demand, available.facts, judgement.signing(), name);
        !remedy.empty())
      return remedy;
  return judgement.remedy(reason, name);
}

/// What was found, and when: a refusal may come from the cache.
std::string found_when(const SignerJudgement& judgement, const SignatureFacts& facts,
                       const std::vector<std::string>& satisfied) {
  auto found = judgement.found(facts, satisfied);
  if (facts.verified_at != Time{}) found += " (looked up at " + rfc3339(facts.verified_at) + ")";
  return found;
}

RawFinding violation(const SignerJudgement& judgement, const AvailableFacts& available,
                     const ImageReference& image, const std::vector<std::string>& satisfied) {
  const Reason reason = available.facts.too_many ? Reason::TooManyCandidates
                        : !satisfied.empty()     ? judgement.reasons.too_few
                                             : reason_of_refusal(judgement, available.image, available.facts);
  return {reason, judgement.expected, found_when(judgement, available.facts, satisfied),
          remedy_of(judgement, reason, available, image, satisfied)};
}

std::vector<std::string> names_of_satisfied(const SignerDemand& demand,
                                            const std::vector<AuthorityAnswer>& answers) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] == AuthorityAnswer::Satisfied) names.push_back(demand.trust->authorities[i].name);
  return names;
}

std::optional<RawFinding> judge_facts(const SignerJudgement& judgement, const AvailableFacts& available,
                                      const ImageReference& image) {
  const auto answers = answers_of(judgement.demand, judgement.accepts, available.image, available.facts);
  const auto satisfied = names_of_satisfied(judgement.demand, answers);
  switch (combined(judgement.demand, answers)) {
    case AuthorityAnswer::Satisfied:
      return std::nullopt;
    case AuthorityAnswer::Unknown:
      return available.facts.unknown ? could_not_check(*available.facts.unknown, judgement.expected,
                                                       signature_repository(judgement.demand, image))
                                     : not_answered(judgement.expected);
    case AuthorityAnswer::Violates:
      return violation(judgement, available, image, satisfied);
    case AuthorityAnswer::Missing:
      return RawFinding{judgement.reasons.missing, judgement.expected,
                        found_when(judgement, available.facts, satisfied),
                        remedy_of_missing(judgement.demand, judgement.signing(), pinned(image, available))};
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

std::variant<AvailableFacts, RawFinding> available_facts(const SignerDemand& demand,
                                                         const std::string& expected,
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
  return AvailableFacts{std::get<Digest>(digest), *std::get<const SignatureFacts*>(known)};
}

RawFindings judge_signers(const SignerJudgement& judgement, const ImageEvidence& image) {
  if (image.lookup == Lookup::Refused) return {};
  auto available = available_facts(judgement.demand, judgement.expected, image);
  if (auto* finding = std::get_if<RawFinding>(&available)) return {std::move(*finding)};
  auto finding = judge_facts(judgement, std::get<AvailableFacts>(available), image.reference);
  if (!finding) return {};
  return {*std::move(finding)};
}

}  // namespace tegata::policy
