// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <variant>

#include "policy/model/image_facts.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {

/// The digest that an image's tag names now, or the finding that says why it is not known.
[[nodiscard]] std::variant<Digest, RawFinding> resolved_tag(const ImageFacts* facts, std::string expected);

}  // namespace tegata::policy
