// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/known_fact.h"

namespace tegata::policy {

std::variant<Digest, RawFinding> resolved_tag(const ImageEvidence& image, const std::string& expected) {
  const auto* fact = image.facts == nullptr ? nullptr : image.facts->facts.find<TagKind>();
  auto tag =
      known_value<TagKind>(fact, expected, "the registry has no such tag", image.reference.repository());
  if (auto* finding = std::get_if<RawFinding>(&tag)) return std::move(*finding);
  return std::get<const ResolvedTag*>(tag)->digest;
}

std::variant<Digest, RawFinding> digest_of(const ImageEvidence& image, const std::string& expected) {
  if (const auto& written = image.reference.digest()) return *written;
  return resolved_tag(image, expected);
}

std::variant<const ImageLabels*, RawFinding> known_labels(const ImageEvidence& image,
                                                          const std::string& expected) {
  auto digest = digest_of(image, expected);
  if (auto* finding = std::get_if<RawFinding>(&digest)) return std::move(*finding);
  const auto* fact = image.facts == nullptr ? nullptr : image.facts->facts.find<LabelKind>();
  return known_value<LabelKind>(fact, expected, "the registry has no such image",
                                image.reference.repository());
}

}  // namespace tegata::policy
