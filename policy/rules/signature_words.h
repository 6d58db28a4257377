// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"

namespace tegata::policy {

/// `a signature by /etc/tegata/keys/ci.pub with annotation env=prod`.
[[nodiscard]] std::string expected_signatures(const SignatureCheck& check);
/// `3 candidates, of which 1 counts; OtherSigner: …`: counts, and the first rejection told.
[[nodiscard]] std::string found_signatures(const SignatureCheck& check, const SignatureFacts& facts,
                                           std::size_t satisfied);

}  // namespace tegata::policy
