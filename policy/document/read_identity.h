// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/document/read_signers.h"
#include "policy/rules/identity_match.h"

namespace tegata::policy {

/// The criteria of a `keyless` or `certificate` authority. Empty where they cannot be made.
[[nodiscard]] std::optional<IdentityCriteria> read_identity_criteria(const Reading& reading, const Node& node,
                                                                     std::vector<std::string>& doubts);

}  // namespace tegata::policy
