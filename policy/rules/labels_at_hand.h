// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

#include "policy/rules/image_rules.h"

namespace tegata::policy {

/// What the image says of itself, or the finding that says why that is not known. Never null.
[[nodiscard]] std::variant<const ImageLabels*, RawFinding> labels_at_hand(const ImageEvidence& image,
                                                                          std::string expected);

}  // namespace tegata::policy
