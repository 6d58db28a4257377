// SPDX-License-Identifier: Apache-2.0
// `tag`: the form of the tag, what it names beside a digest, whether it can be moved, and whether its commit
// is the one that was built: as a rule about signatures has verified (`matchesProvenance`), or as the image
// says.
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "policy/model/printable.h"
#include "policy/model/tag_mutability.h"
#include "policy/rules/identity_match.h"
#include "policy/rules/raw_finding.h"
#include "policy/rules/rules.h"
#include "policy/rules/signer_rules.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kShortestCommit = 7;
constexpr std::size_t kLongestCommit = 64;

}  // namespace

bool has_commit(const TagCheck& check) {
  return check.commit_id ||
         (check.pattern != nullptr && check.pattern->NamedCapturingGroups().count("commit") == 1);
}

std::string commit_in(const TagCheck& check, const std::string& tag) {
  if (check.pattern == nullptr) return tag;
  const auto& groups = check.pattern->NamedCapturingGroups();
  const auto group = groups.find("commit");
  if (group == groups.end()) return tag;
  std::vector<re2::StringPiece> parts(static_cast<std::size_t>(group->second) + 1);
  if (!check.pattern->Match(tag, 0, tag.size(), re2::RE2::ANCHOR_BOTH, parts.data(), group->second + 1))
    return {};
  return std::string(parts.back());
}

bool matches_any_tag(const TagCheck& check) {
  constexpr std::string_view kUnlike[] = {"latest", "Q", "_0.9-zz", "7f3a9c1", "release-2199.01.01_x"};
  return check.pattern != nullptr && std::ranges::all_of(kUnlike, [&](std::string_view tag) {
           return re2::RE2::FullMatch(re2::StringPiece(tag.data(), tag.size()), *check.pattern);
         });
}

bool is_commit(std::string_view text) noexcept {
  return text.size() >= kShortestCommit && text.size() <= kLongestCommit &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

namespace {

constexpr std::size_t kLongestCommitId = 64;
// OCI image-spec, annotations.md.
constexpr std::string_view kRevision = "org.opencontainers.image.revision";
constexpr const char* kNoCommit = "no commit ID of 7 to 64 lower-case hex digits in the tag";

bool is_commit_id(const TagCheck& check, std::string_view tag) {
  return tag.size() >= check.min_length && tag.size() <= kLongestCommitId &&
         tag.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool has_form(const TagCheck& check, std::string_view tag) {
  if (check.commit_id && !is_commit_id(check, tag)) return false;
  return check.pattern == nullptr ||
         re2::RE2::FullMatch(re2::StringPiece(tag.data(), tag.size()), *check.pattern);
}

std::string expected_form(const TagCheck& check) {
  std::string text = "a tag";
  if (check.commit_id)
    text += " that is a commit ID (" + std::to_string(check.min_length) + " to 64 lower-case hex digits)";
  if (check.pattern != nullptr)
    text += std::string(check.commit_id ? " and" : " that") + " matches " + quoted(check.pattern_text);
  return text;
}

std::string remedy_of_form(const TagCheck& check, const ImageReference& image) {
  if (!check.commit_id) return "deploy the image under a tag of that form";
  return std::string(kPipelineOwner) + "push the image with its commit ID as the tag (`docker tag IMAGE " +
         image.repository().text() + ":$(git rev-parse HEAD)`), then deploy that tag";
}

std::optional<RawFinding> judge_form(const TagCheck& check, const ImageReference& image) {
  if (!image.tag()) {
    if (image.digest() && check.digest_only == DigestOnly::Allow) return std::nullopt;
    return RawFinding{Reason::TagMissing, expected_form(check),
                      image.digest() ? "a digest without a tag" : "no tag, so \"latest\" would run",
                      "add the tag of the build to the reference: " + image.repository().text() + ":TAG"};
  }
  if (has_form(check, *image.tag())) return std::nullopt;
  return RawFinding{Reason::TagNotCommitId, expected_form(check), "the tag " + quoted(*image.tag()),
                    remedy_of_form(check, image)};
}

/// With tag and digest, the tag must resolve to the digest.
std::optional<RawFinding> judge_digest_of_tag(const ImageEvidence& image) {
  const Digest written = *image.reference.digest();
  auto expected = "the tag " + quoted(*image.reference.tag()) + " names " + written.text();
  auto named = resolved_tag(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&named)) return std::move(*finding);
  const Digest now = std::get<Digest>(named);
  if (now == written) return std::nullopt;
  return RawFinding{Reason::TagDigestMismatch, std::move(expected), "it names " + now.text(),
                    "find out who moved the tag, then deploy a tag and a digest that were pushed together"};
}

/// Whether the tag chooses the image, so that it must not be moved.
bool asks_mutability(const TagCheck& check, const ImageReference& image) {
  return check.immutable == TagImmutable::Registry && image.tag() && !image.digest();
}

std::string words_of(const TagMutability& found, std::string_view tag, const std::string& host) {
  using Setting = TagMutability::Setting;
  if (found.setting == Setting::NotOffered)
    return host + " has no setting that Tegata can ask for: only that of Amazon ECR is known";
  const auto* filter = found.filter_of(tag);
  if (filter == nullptr) return "tags of this repository can be moved (imageTagMutability: MUTABLE)";
  return "tags that match " + quoted(*filter, 80) +
         " can be moved (imageTagMutability: IMMUTABLE_WITH_EXCLUSION)";
}

std::optional<RawFinding> judge_mutability(const TagCheck& check, const ImageEvidence& image) {
  if (!asks_mutability(check, image.reference)) return std::nullopt;
  const auto& repository = image.reference.repository();
  auto expected = "the registry to refuse to move the tag " + quoted(*image.reference.tag());
  const auto* fact = image.facts == nullptr ? nullptr : image.facts->facts.find<TagMutabilityKind>();
  auto known =
      known_value<TagMutabilityKind>(fact, expected, "the registry has no such repository", repository);
  if (auto* finding = std::get_if<RawFinding>(&known)) return std::move(*finding);
  const auto& found = *std::get<const TagMutability*>(known);
  if (found.holds(*image.reference.tag())) return std::nullopt;
  const auto to_do =
      found.setting == TagMutability::Setting::NotOffered
          ? std::string("deploy the image by its digest: ")
          : "ask the owner of the repository to make its tags immutable, or deploy the image by its digest: ";
  return RawFinding{Reason::TagMovable, std::move(expected),
                    words_of(found, *image.reference.tag(), repository.registry),
                    to_do + repository.text() + ":" + *image.reference.tag() + "@sha256:..."};
}

RawFinding commit_mismatch(std::string expected, std::string found) {
  return {Reason::TagCommitMismatch, std::move(expected), std::move(found),
          "deploy the tag of the commit that the image was built from, or " + std::string(kPipelineOwner) +
              "build and sign the commit in this tag"};
}

/// The commits in a verified signature or attestation.
std::vector<std::string> commits_of(const VerifiedSignature& signature) {
  auto commits = signature.statement().predicate.commits;
  if (const auto& identity = signature.statement().identity)
    if (auto commit = commit_of(*identity)) commits.push_back(*std::move(commit));
  return commits;
}

const SignerDemand& demand_of(const ProvenanceBinding& binding) {
  return std::visit([](const auto& check) -> const SignerDemand& { return check; }, binding.by);
}

RawFindings findings_of(const ProvenanceBinding& binding, const ImageEvidence& image) {
  auto findings = std::visit([&](const auto& check) { return judge(check, image); }, binding.by);
  // The signers are those of the bound rule.
  constexpr std::string_view kThisRule = "this rule";
  for (auto& finding : findings)
    if (const auto at = finding.remedy.find(kThisRule); at != std::string::npos)
      finding.remedy.replace(at, kThisRule.size(), "rule " + binding.rule);
  return findings;
}

Accepts accepts_of(const ProvenanceBinding& binding, Time now) {
  if (const auto* signature = std::get_if<SignatureCheck>(&binding.by))
    return [signature](const VerifiedSignature& found) { return claims_hold(*signature, found); };
  return [attestation = &std::get<AttestationCheck>(binding.by), now](const VerifiedSignature& found) {
    return claims_hold(*attestation, found, now);
  };
}

std::vector<std::string> verified_commits(const ProvenanceBinding& binding, const ImageEvidence& image,
                                          const AvailableFacts& available) {
  std::vector<std::string> commits;
  for (const auto* signature :
       accepted_by(demand_of(binding), accepts_of(binding, image.now), available.image, available.facts))
    for (auto& commit : commits_of(*signature))
      if (std::find(commits.begin(), commits.end(), commit) == commits.end())
        commits.push_back(std::move(commit));
  return commits;
}

std::string found_commits(const std::vector<std::string>& commits, const ProvenanceBinding& binding) {
  if (commits.empty()) return "no commit in what rule " + binding.rule + " verified";
  std::vector<std::string> words;
  for (const auto& commit : commits) words.push_back(printable(commit, 80));
  return "rule " + binding.rule + " verified " + listed(words, " and ");
}

RawFindings judge_provenance(const TagCheck& check, const ImageEvidence& image) {
  if (check.provenance == nullptr || !image.reference.tag()) return {};
  const auto& binding = *check.provenance;
  if (auto findings = findings_of(binding, image); !findings.empty()) return findings;
  const auto commit = commit_in(check, *image.reference.tag());
  auto expected = "the verified commit to be that of the tag, " + quoted(commit, 80);
  if (!is_commit(commit)) return {commit_mismatch(std::move(expected), kNoCommit)};
  auto available = available_facts(demand_of(binding), expected, image);
  if (auto* finding = std::get_if<RawFinding>(&available)) return {std::move(*finding)};
  const auto commits = verified_commits(binding, image, std::get<AvailableFacts>(available));
  if (std::any_of(commits.begin(), commits.end(),
                  [&](const std::string& verified) { return verified.starts_with(commit); }))
    return {};
  return {commit_mismatch(std::move(expected), found_commits(commits, binding))};
}

RawFindings judge_label(const TagCheck& check, const ImageEvidence& image) {
  if (!image.reference.tag()) return {};
  const auto commit = commit_in(check, *image.reference.tag());
  auto expected = "the image to say (" + std::string(kRevision) +
                  ") that it was built from the tag's commit, " + quoted(commit, 80);
  if (!is_commit(commit)) return {commit_mismatch(std::move(expected), kNoCommit)};
  auto available = known_labels(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&available)) return {std::move(*finding)};
  const auto& said = *std::get<const ImageLabels*>(available);
  // Where manifest and config both say something, both have to say this.
  for (const auto* texts : {&said.annotations, &said.labels}) {
    const auto found = texts->find(kRevision);
    if (found != texts->end() && !(is_commit(found->second) && found->second.starts_with(commit)))
      return {commit_mismatch(
          std::move(expected),
          (texts == &said.labels ? "the label " : "the annotation ") + quoted(found->second, 80))};
  }
  if (said.find(kRevision) != nullptr) return {};
  return {{Reason::CommitMissing, std::move(expected), "neither a label nor an annotation of that name",
           std::string(kPipelineOwner) +
               "build the image with its commit as a label: `docker build --label " + std::string(kRevision) +
               "=$(git rev-parse HEAD) ...`"}};
}

}  // namespace

void ask(const TagCheck& check, ImageQuestions& image) {
  if (image.image.tag() && image.image.digest()) image.ask_tag();
  if (asks_mutability(check, image.image)) image.ask<TagMutabilityKind>({});
  if (check.commit_from == CommitFrom::Label) image.ask<LabelKind>({});
  if (check.provenance != nullptr) ask_signatures(demand_of(*check.provenance), image);
}

RawFindings judge(const TagCheck& check, const ImageEvidence& image) {
  RawFindings findings;
  if (auto finding = judge_form(check, image.reference)) findings.push_back(*std::move(finding));
  if (image.lookup == Lookup::Refused) return findings;
  if (image.reference.tag() && image.reference.digest())
    if (auto finding = judge_digest_of_tag(image)) findings.push_back(*std::move(finding));
  if (auto finding = judge_mutability(check, image)) findings.push_back(*std::move(finding));
  if (!findings.empty()) return findings;
  return check.commit_from == CommitFrom::Label ? judge_label(check, image) : judge_provenance(check, image);
}

bool asks_labels(const Check& check) noexcept {
  if (const auto* tag = std::get_if<TagCheck>(&check)) return tag->commit_from == CommitFrom::Label;
  return std::holds_alternative<BaseImageCheck>(check) || std::holds_alternative<ImageConfigCheck>(check) ||
         std::holds_alternative<AgeCheck>(check);
}

const SignerDemand* signer_demand_of(const Check& check) noexcept {
  if (const auto* signature = std::get_if<SignatureCheck>(&check)) return signature;
  if (const auto* attestation = std::get_if<AttestationCheck>(&check)) return attestation;
  const auto* tag = std::get_if<TagCheck>(&check);
  return tag == nullptr || tag->provenance == nullptr ? nullptr : &demand_of(*tag->provenance);
}

bool asks_tag(const Check& check, const ImageReference& image) {
  if (std::holds_alternative<TagCheck>(check) && image.tag() && image.digest()) return true;
  const bool asks = signer_demand_of(check) != nullptr || asks_labels(check) ||
                    std::holds_alternative<DeniedCheck>(check) ||
                    std::holds_alternative<VulnerabilitiesCheck>(check);
  return asks && !image.digest();
}

}  // namespace tegata::policy
