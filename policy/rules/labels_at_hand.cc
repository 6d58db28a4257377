// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/labels_at_hand.h"

#include "policy/rules/resolved_tag.h"

namespace tegata::policy {

std::variant<const ImageLabels*, RawFinding> labels_at_hand(const ImageEvidence& image,
                                                            std::string expected) {
  if (!image.reference.digest()) {
    auto named = resolved_tag(image.facts, expected);
    if (auto* finding = std::get_if<RawFinding>(&named)) return std::move(*finding);
  }
  if (image.facts == nullptr || !image.facts->labels) return not_answered(std::move(expected));
  const auto& fact = *image.facts->labels;
  if (const auto* unknown = std::get_if<Unknown>(&fact))
    return could_not_check(unknown->error, std::move(expected));
  if (std::holds_alternative<Absent>(fact))
    return RawFinding{FindingKind::Missing, Reason::ImageNotFound, std::move(expected),
                      "the registry has no such image"};
  const auto& known = std::get<Known<std::shared_ptr<const ImageLabels>>>(fact).value;
  if (known == nullptr) return not_answered(std::move(expected));
  return known.get();
}

bool asks_labels(const Check& check) noexcept {
  if (const auto* tag = std::get_if<TagCheck>(&check)) return tag->commit_from == CommitFrom::Label;
  return std::holds_alternative<BaseImageCheck>(check);
}

}  // namespace tegata::policy
