// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/image_facts.h"

namespace tegata::verifier {

/// Whether the tag has to be resolved: where that is asked, and where signatures are asked of an
/// image whose reference has no digest. Never where there is no tag to resolve.
[[nodiscard]] inline bool needs_tag(const ImageQuestions& questions) {
  if (!questions.resolve_tag && (questions.image.digest() || questions.signatures.empty())) return false;
  return questions.image.effective_tag().has_value();
}

/// The signatures of an image whose tag names no digest: there are none where the tag does not
/// exist, and nobody knows where it could not be resolved.
[[nodiscard]] inline Fact<std::shared_ptr<const SignatureFacts>> signatures_without_digest(
    const Fact<Digest>& tag) {
  if (const auto* unknown = std::get_if<Unknown>(&tag)) return *unknown;
  return Absent{};
}

}  // namespace tegata::verifier
