// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include "policy/rules/image_rules.h"

namespace tegata::policy {

/// Asks what the image says of itself, and for that which image its tag names.
void ask_labels(const ImageReference& image, ImageQuestions& questions);

/// What the image says of itself, or the finding that says why that is not known. Never null.
[[nodiscard]] std::variant<const ImageLabels*, RawFinding> labels_at_hand(const ImageEvidence& image,
                                                                          std::string expected);

}  // namespace tegata::policy
