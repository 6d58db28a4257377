// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tegata::policy {

/// For each authority, by whom it is satisfied: which authorities count when each signer counts for one
/// only. As many as there can be (a maximum matching; Kuhn's augmenting paths, no recursion deeper than
/// the number of authorities). Alice, satisfying two authorities, counts once; Alice and Bob, both
/// satisfying both, count twice.
[[nodiscard]] std::vector<bool> counted_once(const std::vector<std::vector<std::string>>& signers);

}  // namespace tegata::policy
