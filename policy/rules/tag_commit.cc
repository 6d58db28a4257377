// SPDX-License-Identifier: Apache-2.0
// `tag.matchesProvenance`: the commit in the tag is the one that was verified.
#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/commit_id.h"
#include "policy/rules/identity_match.h"
#include "policy/rules/judge_signers.h"

namespace tegata::policy {
namespace {

/// The commits that a verified signature or attestation vouches for.
std::vector<std::string> commits_of(const VerifiedSignature& signature) {
  auto commits = signature.statement().predicate.commits;
  if (const auto& identity = signature.statement().identity)
    if (auto commit = commit_of(*identity)) commits.push_back(*std::move(commit));
  return commits;
}

const SignerDemand& demand_of(const ProvenanceBinding& binding) {
  return std::visit([](const auto& check) -> const SignerDemand& { return check; }, binding.by);
}

std::optional<RawFinding> finding_of(const ProvenanceBinding& binding, const ImageEvidence& image) {
  if (const auto* signature = std::get_if<SignatureCheck>(&binding.by))
    return judge_signature(*signature, image);
  return judge_attestation(std::get<AttestationCheck>(binding.by), image);
}

Accepts accepts_of(const ProvenanceBinding& binding, Time now) {
  if (const auto* signature = std::get_if<SignatureCheck>(&binding.by))
    return [signature](const VerifiedSignature& found) { return claims_hold(*signature, found); };
  return [attestation = &std::get<AttestationCheck>(binding.by), now](const VerifiedSignature& found) {
    return claims_hold(*attestation, found, now);
  };
}

std::vector<std::string> verified_commits(const ProvenanceBinding& binding, const ImageEvidence& image,
                                          const FactsAtHand& at_hand) {
  std::vector<std::string> commits;
  for (const auto* signature :
       accepted_by(demand_of(binding), accepts_of(binding, image.now), at_hand.image, at_hand.facts))
    for (auto& commit : commits_of(*signature))
      if (std::find(commits.begin(), commits.end(), commit) == commits.end())
        commits.push_back(std::move(commit));
  return commits;
}

std::string told(const std::vector<std::string>& commits, const ProvenanceBinding& binding) {
  if (commits.empty()) return "what rule " + binding.rule + " verified names no commit";
  std::vector<std::string> words;
  for (const auto& commit : commits) words.push_back(printable(commit, 80));
  return "rule " + binding.rule + " verified " + listed(words, " and ");
}

}  // namespace

std::optional<RawFinding> judge_commit(const TagCheck& check, const ImageEvidence& image) {
  if (check.provenance == nullptr || !image.reference.tag()) return std::nullopt;
  const auto& binding = *check.provenance;
  if (auto finding = finding_of(binding, image)) return finding;
  const auto commit = commit_in(check, *image.reference.tag());
  auto expected = "the verified commit to be that of the tag, " + quoted(commit, 80);
  if (!is_commit(commit))
    return RawFinding{FindingKind::Violates, Reason::TagCommitMismatch, std::move(expected),
                      "no commit id of 7 to 64 lower-case hex digits in the tag"};
  auto at_hand = facts_at_hand(demand_of(binding), expected, image);
  if (auto* finding = std::get_if<RawFinding>(&at_hand)) return std::move(*finding);
  const auto commits = verified_commits(binding, image, std::get<FactsAtHand>(at_hand));
  if (std::any_of(commits.begin(), commits.end(),
                  [&](const std::string& verified) { return verified.starts_with(commit); }))
    return std::nullopt;
  return RawFinding{FindingKind::Violates, Reason::TagCommitMismatch, std::move(expected),
                    told(commits, binding)};
}

const SignerDemand* signer_demand_of(const Check& check) noexcept {
  if (const auto* signature = std::get_if<SignatureCheck>(&check)) return signature;
  if (const auto* attestation = std::get_if<AttestationCheck>(&check)) return attestation;
  const auto* tag = std::get_if<TagCheck>(&check);
  return tag == nullptr || tag->provenance == nullptr ? nullptr : &demand_of(*tag->provenance);
}

}  // namespace tegata::policy
