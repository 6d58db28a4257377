// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "policy/model/image_facts.h"
#include "policy/rules/checks.h"
#include "policy/rules/raw_finding.h"

/// The rules that look at images one by one: pure functions of settings, reference and facts.
namespace tegata::policy {

/// Whether facts were asked about an image at all. Refused: an `allowedRegistries` rule at deny
/// keeps us from calling its registry, so rules say only what the reference itself shows.
enum class Lookup { Allowed, Refused };

/// What rules see of one image. `facts` is null where gather gave no entry.
struct ImageEvidence {
  const ImageReference& reference;
  const ImageFacts* facts = nullptr;
  Lookup lookup = Lookup::Allowed;
  Time now{};  ///< for predicates that say until when they hold
};

[[nodiscard]] std::optional<RawFinding> judge_registry(const AllowedRegistries& check,
                                                       const ImageReference& image);
/// Up to two: TagMissing or TagNotCommitId from the reference, and what the registry says of the tag.
[[nodiscard]] std::vector<RawFinding> judge_tag(const TagCheck& check, const ImageEvidence& image);
[[nodiscard]] std::optional<RawFinding> judge_digest(const DigestCheck& check, const ImageReference& image);
/// Nothing for an image that may not be looked up.
[[nodiscard]] std::optional<RawFinding> judge_signature(const SignatureCheck& check,
                                                        const ImageEvidence& image);

/// The same for attestations.
[[nodiscard]] std::optional<RawFinding> judge_attestation(const AttestationCheck& check,
                                                          const ImageEvidence& image);
/// Whether the base image that the image says it is built on is an approved one.
[[nodiscard]] std::optional<RawFinding> judge_base_image(const BaseImageCheck& check,
                                                         const ImageEvidence& image);
/// Whether the commit in the image's tag is the one that the bound rule's signatures name. That rule's
/// own finding where it is not content; nothing for a tag that has not the check's form.
[[nodiscard]] std::optional<RawFinding> judge_commit(const TagCheck& check, const ImageEvidence& image);
/// The same with `commitFrom: label`: the commit that the image says it was built from.
[[nodiscard]] std::optional<RawFinding> judge_labelled_commit(const TagCheck& check,
                                                              const ImageEvidence& image);

/// Whether the check needs to know what the image says of itself.
[[nodiscard]] bool asks_labels(const Check& check) noexcept;
/// Whether the check needs to know what the image's tag names now.
[[nodiscard]] bool asks_tag(const Check& check, const ImageReference& image);
/// When facts satisfy this check: part of its TrustSettings, so that known good is what the rule
/// means by it (one of its anyOf, N of its threshold, with the annotations it asks for).
[[nodiscard]] Sufficiency sufficiency_of(const SignatureCheck& check);
[[nodiscard]] Sufficiency sufficiency_of(const AttestationCheck& check);

/// What a check asks about signatures and attestations; null: nothing. A tag that is bound to a rule asks
/// what that rule asks.
[[nodiscard]] const SignerDemand* signer_demand_of(const Check& check) noexcept;

/// Where a check looks for this image's signatures.
[[nodiscard]] const Repository& signature_repository(const SignerDemand& demand, const ImageReference& image);

}  // namespace tegata::policy
