// SPDX-License-Identifier: Apache-2.0
#include "policy/model/printable.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {

std::optional<RawFinding> judge_digest(const DigestCheck&, const ImageReference& image) {
  if (image.digest()) return std::nullopt;
  return RawFinding{FindingKind::Violates, Reason::DigestRequired, "a digest in the reference (@sha256:...)",
                    "the tag " + quoted(*image.effective_tag()) + " alone, which can be moved"};
}

}  // namespace tegata::policy
