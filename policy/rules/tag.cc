// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <algorithm>

#include "policy/model/printable.h"
#include "policy/rules/image_rules.h"
#include "policy/rules/known_fact.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kLongestCommitId = 64;

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
    text += " that is a commit id (" + std::to_string(check.min_length) + " to 64 lower-case hex digits)";
  if (check.pattern != nullptr)
    text += std::string(check.commit_id ? " and" : " that") + " matches " + quoted(check.pattern_text);
  return text;
}

std::optional<RawFinding> judge_text(const TagCheck& check, const ImageReference& image) {
  if (!image.tag()) {
    if (image.digest() && check.digest_only == DigestOnly::Allow) return std::nullopt;
    return RawFinding{FindingKind::Violates, Reason::TagMissing, expected_form(check),
                      image.digest() ? "a digest without a tag" : "no tag, so \"latest\" would run"};
  }
  if (has_form(check, *image.tag())) return std::nullopt;
  return RawFinding{FindingKind::Violates, Reason::TagNotCommitId, expected_form(check),
                    "the tag " + quoted(*image.tag())};
}

std::optional<RawFinding> judge_binding(const ImageEvidence& image) {
  const Digest written = *image.reference.digest();
  auto expected = "the tag " + quoted(*image.reference.tag()) + " names " + written.text();
  auto named = resolved_tag(image.facts, expected);
  if (auto* finding = std::get_if<RawFinding>(&named)) return std::move(*finding);
  const Digest now = std::get<Digest>(named);
  if (now == written) return std::nullopt;
  return RawFinding{FindingKind::Violates, Reason::TagDigestMismatch, std::move(expected),
                    "it names " + now.text()};
}

}  // namespace

std::vector<RawFinding> judge_tag(const TagCheck& check, const ImageEvidence& image) {
  std::vector<RawFinding> findings;
  if (auto finding = judge_text(check, image.reference)) findings.push_back(*std::move(finding));
  if (image.lookup == Lookup::Refused) return findings;
  if (image.reference.tag() && image.reference.digest())
    if (auto finding = judge_binding(image)) findings.push_back(*std::move(finding));
  if (!findings.empty()) return findings;
  auto finding = check.commit_from == CommitFrom::Label ? judge_labelled_commit(check, image)
                                                        : judge_commit(check, image);
  if (finding) findings.push_back(*std::move(finding));
  return findings;
}

bool asks_tag(const Check& check, const ImageReference& image) {
  if (std::holds_alternative<TagCheck>(check) && image.tag() && image.digest()) return true;
  return (signer_demand_of(check) != nullptr || asks_labels(check)) && !image.digest();
}

}  // namespace tegata::policy
