// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"

namespace tegata::policy {

/// `an attestation of type vuln by /etc/tegata/keys/ci.pub`.
[[nodiscard]] std::string expected_attestations(const AttestationCheck& check);
/// How many there are, and what is wrong with the first; or which authorities are content.
[[nodiscard]] std::string found_attestations(const AttestationCheck& check, const SignatureFacts& facts,
                                             const std::vector<std::string>& satisfied);

}  // namespace tegata::policy
