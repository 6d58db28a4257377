// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/known_fact.h"

namespace tegata::policy {

std::variant<Digest, RawFinding> resolved_tag(const ImageFacts* facts, const std::string& expected) {
  auto tag = known_value<TagKind>(facts == nullptr ? nullptr : facts->facts.find<TagKind>(), expected,
                                  "the registry has no such tag");
  if (auto* finding = std::get_if<RawFinding>(&tag)) return std::move(*finding);
  return std::get<const ResolvedTag*>(tag)->digest;
}

std::variant<Digest, RawFinding> digest_of(const ImageEvidence& image, const std::string& expected) {
  if (const auto& written = image.reference.digest()) return *written;
  return resolved_tag(image.facts, expected);
}

std::variant<const ImageLabels*, RawFinding> known_labels(const ImageEvidence& image,
                                                          const std::string& expected) {
  auto digest = digest_of(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&digest)) return std::move(*finding);
  return known_value<LabelKind>(image.facts == nullptr ? nullptr : image.facts->facts.find<LabelKind>(),
                                expected, "the registry has no such image");
}

bool asks_labels(const Check& check) noexcept {
  if (const auto* tag = std::get_if<TagCheck>(&check)) return tag->commit_from == CommitFrom::Label;
  return std::holds_alternative<BaseImageCheck>(check);
}

}  // namespace tegata::policy
