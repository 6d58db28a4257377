// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/labels_at_hand.h"

#include "policy/rules/resolved_tag.h"

namespace tegata::policy {

void ask_labels(const ImageReference& image, ImageQuestions& questions) {
  if (!image.digest()) questions.resolve_tag = true;
  questions.labels = true;
}

std::variant<const ImageLabels*, RawFinding> labels_at_hand(const ImageEvidence& image,
                                                            std::string expected) {
  if (!image.reference.digest()) {
    auto named = resolved_tag(image, expected);
    if (auto* finding = std::get_if<RawFinding>(&named)) return std::move(*finding);
  }
  if (image.facts == nullptr || !image.facts->labels) return not_answered(std::move(expected));
  const auto& fact = *image.facts->labels;
  if (const auto* unknown = std::get_if<Unknown>(&fact))
    return could_not_check(unknown->error, std::move(expected), image.reference.repository());
  if (std::holds_alternative<Absent>(fact))
    return image_not_found(std::move(expected), "the registry has no such image",
                           image.reference.repository());
  const auto& known = std::get<Known<std::shared_ptr<const ImageLabels>>>(fact).value;
  if (known == nullptr) return not_answered(std::move(expected));
  return known.get();
}

}  // namespace tegata::policy
