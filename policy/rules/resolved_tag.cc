// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/resolved_tag.h"

namespace tegata::policy {

std::variant<Digest, RawFinding> resolved_tag(const ImageEvidence& image, std::string expected) {
  const auto* facts = image.facts;
  if (facts == nullptr || !facts->tag) return not_answered(std::move(expected));
  if (const auto* known = std::get_if<Known<Digest>>(&*facts->tag)) return known->value;
  if (const auto* unknown = std::get_if<Unknown>(&*facts->tag))
    return could_not_check(unknown->error, std::move(expected), image.reference.repository());
  return image_not_found(std::move(expected), "the registry has no such tag", image.reference.repository());
}

}  // namespace tegata::policy
