// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "policy/rules/image_rules.h"

namespace tegata::policy {

/// The digest that an image's tag names now, or the finding that says why it is not known.
[[nodiscard]] std::variant<Digest, RawFinding> resolved_tag(const ImageEvidence& image, std::string expected);

}  // namespace tegata::policy
