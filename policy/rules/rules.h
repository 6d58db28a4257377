// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deployment_request.h"
#include "policy/model/image_facts.h"
#include "policy/rules/checks.h"
#include "policy/rules/raw_finding.h"

/// The rules: pure functions of settings, reference and facts. Each kind that looks at images one by one has
/// the same two functions: `ask`, which facts it needs, and `judge`, what it finds and how to fix that. plan
/// and judge visit them by overload; a new kind adds its pair here. The rule about the request as a whole is
/// at the end.
namespace tegata::policy {

/// Whether facts were asked about an image at all. Refused: an `allowedRegistries` or `denied` rule at deny
/// refuses the reference itself, so rules say only what the reference shows.
enum class Lookup { Allowed, Refused };

/// An exemption that does not lift the rule, but lets it overlook what is named.
struct ScopedExemption {
  std::span<const std::string> vulnerabilities;
};

/// What rules see of one image. `facts` is null where gather gave no entry.
struct ImageEvidence {
  const ImageReference& reference;
  const ImageFacts* facts = nullptr;
  Lookup lookup = Lookup::Allowed;
  Time now{};  ///< for predicates that say until when they hold
  /// The digest that is judged, to name it in a fix; none where no rule asked what the tag names.
  std::optional<Digest> digest{};
  std::span<const ScopedExemption> exemptions{};  ///< in force for this rule and image
};

void ask(const AllowedRegistries& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const AllowedRegistries& check, const ImageEvidence& image);

/// Whether the digest of the reference, else what its tag names, or a manifest of that index, is on the list.
/// A digest in the reference needs no facts to be refused.
void ask(const DeniedCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const DeniedCheck& check, const ImageEvidence& image);

void ask(const DigestCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const DigestCheck& check, const ImageEvidence& image);

/// Up to two: TagMissing or TagNotCommitId from the reference, and what the registry says of the tag (what it
/// names beside a digest; without one, whether it can be moved). If neither, whether the commit in the tag is
/// the one that the bound rule verified (that rule's own finding where it has one), or with `commitFrom:
/// label` the one that the image names.
void ask(const TagCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const TagCheck& check, const ImageEvidence& image);

/// At most one; nothing for an image that may not be looked up.
void ask(const SignatureCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const SignatureCheck& check, const ImageEvidence& image);

/// The same for attestations.
void ask(const AttestationCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const AttestationCheck& check, const ImageEvidence& image);

/// Whether the base image that the image says it is built on is an approved one.
void ask(const BaseImageCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const BaseImageCheck& check, const ImageEvidence& image);

/// One finding for each word that the config of an image that can run does not comply with.
void ask(const ImageConfigCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const ImageConfigCheck& check, const ImageEvidence& image);
/// Whether a container of an image with that `User` runs as root, as far as its text says: the part before
/// `:` is empty, `root`, or a number that is 0 or above 2^31 - 1.
[[nodiscard]] bool is_root_user(std::string_view user) noexcept;

/// How long ago the image was built, by `now`: of an index, each image that can run. At most one: ImageTooOld
/// before BuildDateMissing.
void ask(const AgeCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const AgeCheck& check, const ImageEvidence& image);

/// Whether the scans of the image show a vulnerability that counts: VulnerabilityTooSevere. One finding for
/// each source that must have answered and has not. A report given by file (ScanKind) takes the place of all
/// sources.
void ask(const VulnerabilitiesCheck& check, ImageQuestions& image);
[[nodiscard]] RawFindings judge(const VulnerabilitiesCheck& check, const ImageEvidence& image);

/// Of each of these exemptions, whether it makes the check overlook something that it would find without it.
[[nodiscard]] std::vector<bool> overlooks(const Check& check, const ImageEvidence& image,
                                          std::span<const ScopedExemption> exemptions);

/// Whether the check needs to know what the image's tag names now, so that its digest is judged.
[[nodiscard]] bool asks_tag(const Check& check, const ImageReference& image);
/// Whether the check uses what the image says of itself.
[[nodiscard]] bool asks_labels(const Check& check) noexcept;
/// Whether the rule's pattern matches tags that have nothing in common; false without a pattern.
[[nodiscard]] bool matches_any_tag(const TagCheck& check);
/// What a check asks about signatures and attestations; null: nothing. A tag that is bound to a rule asks
/// what that rule asks.
[[nodiscard]] const SignerDemand* signer_demand_of(const Check& check) noexcept;

/// When facts satisfy this check: part of its TrustSettings, so that known good is what the rule
/// means by it (one of its anyOf, N of its threshold, with the annotations it requires).
[[nodiscard]] Sufficiency sufficiency_of(const SignatureCheck& check);
[[nodiscard]] Sufficiency sufficiency_of(const AttestationCheck& check);
/// When a later look at the attestations of one source could find nothing better: nothing that counts is in
/// them, and will be for as long as verified facts are kept (limits::kVerifiedLifetime).
[[nodiscard]] Sufficiency sufficiency_of(const VulnerabilityCriteria& criteria, const AttestedScans& scans);
/// The same check, whose authorities also read the scanner's report in the predicate.
[[nodiscard]] AttestationCheck reading_scans(AttestationCheck check);
/// Whether they do.
[[nodiscard]] bool reads_scans(const AttestationCheck& check);

/// Whether every tag that has the check's form has a commit in it.
[[nodiscard]] bool has_commit(const TagCheck& check);

/// What of the tag is the commit: the pattern's group of that name, else all of it.
[[nodiscard]] std::string commit_in(const TagCheck& check, const std::string& tag);

/// 7 to 64 lower-case hex digits.
[[nodiscard]] bool is_commit(std::string_view text) noexcept;

/// What a rule about the request has to say of it.
struct RequestJudgement {
  RawFindings findings;
  std::string not_evaluable;  ///< why the rule could not be asked, for a warning; empty: it was
};

/// Who deploys; nullopt where the rule says nothing about this platform. Judged where the request's question
/// is Judge.
///
/// Kubernetes: one service account, user or group that matches is enough. ECS: a listed role, or a
/// listed service with any role of the account in which the call acts, or a listed IAM user with an
/// access key. `manual: deny` refuses console sessions, root, and people from IAM Identity Center
/// whatever else matches. `manual: allow` takes that refusal away and lists no one.
[[nodiscard]] std::optional<RequestJudgement> judge(const DeployersCheck& check,
                                                    const DeploymentRequest& request);

}  // namespace tegata::policy
