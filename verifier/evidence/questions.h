// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/image_facts.h"

namespace tegata::verifier {

/// Whether the tag has to be resolved: where that is asked, and where signatures or labels are asked of
/// an image whose reference has no digest. Never where there is no tag to resolve.
[[nodiscard]] inline bool needs_tag(const ImageQuestions& questions) {
  const bool asks_by_digest = questions.labels || !questions.signatures.empty();
  if (!questions.resolve_tag && (questions.image.digest() || !asks_by_digest)) return false;
  return questions.image.effective_tag().has_value();
}

/// What is known of an image whose tag names no digest: it is absent where the tag is, and nobody knows
/// where that could not be resolved.
template <typename T>
[[nodiscard]] Fact<std::shared_ptr<const T>> fact_without_digest(const Fact<Digest>& tag) {
  if (const auto* unknown = std::get_if<Unknown>(&tag)) return *unknown;
  return Absent{};
}

}  // namespace tegata::verifier
