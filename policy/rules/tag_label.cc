// SPDX-License-Identifier: Apache-2.0
// `tag.commitFrom: label`: the commit in the tag is the one that the image says it was built from.
#include "policy/model/printable.h"
#include "policy/rules/commit_id.h"
#include "policy/rules/known_fact.h"

namespace tegata::policy {
namespace {

// OCI image-spec, annotations.md.
constexpr std::string_view kRevision = "org.opencontainers.image.revision";

RawFinding mismatch(std::string expected, std::string found) {
  return {FindingKind::Violates, Reason::TagCommitMismatch, std::move(expected), std::move(found)};
}

}  // namespace

std::optional<RawFinding> judge_labelled_commit(const TagCheck& check, const ImageEvidence& image) {
  if (check.commit_from != CommitFrom::Label || !image.reference.tag()) return std::nullopt;
  const auto commit = commit_in(check, *image.reference.tag());
  auto expected = "the image to say (" + std::string(kRevision) +
                  ") that it was built from the tag's commit, " + quoted(commit, 80);
  if (!is_commit(commit))
    return mismatch(std::move(expected), "no commit id of 7 to 64 lower-case hex digits in the tag");
  auto at_hand = known_labels(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&at_hand)) return std::move(*finding);
  const auto& said = *std::get<const ImageLabels*>(at_hand);
  // Where manifest and config both say something, both have to say this.
  for (const auto* texts : {&said.annotations, &said.labels}) {
    const auto found = texts->find(kRevision);
    if (found != texts->end() && !(is_commit(found->second) && found->second.starts_with(commit)))
      return mismatch(
          std::move(expected),
          std::string(texts == &said.labels ? "the label " : "the annotation ") + quoted(found->second, 80));
  }
  if (said.find(kRevision) != nullptr) return std::nullopt;
  return RawFinding{FindingKind::Missing, Reason::CommitMissing, std::move(expected),
                    "neither a label nor an annotation of that name"};
}

}  // namespace tegata::policy
