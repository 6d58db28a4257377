// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"

namespace tegata::policy {

/// `a signature by /etc/tegata/keys/ci.pub with annotation env=prod`.
[[nodiscard]] std::string expected_signatures(const SignatureCheck& check);
/// `3 signature candidates; OtherSigner: ...`: how many, and the first that does not count; or, where
/// some of the authorities (by file name in `satisfied`) are content, which these are.
[[nodiscard]] std::string found_signatures(const SignatureCheck& check, const SignatureFacts& facts,
                                           const std::vector<std::string>& satisfied);

/// Of the candidates that were refused, the one that is told of; null where none was.
[[nodiscard]] const Rejection* first_rejection(const SignerDemand& demand, const SignatureFacts& facts);

/// The same for other things that are signed: by whom. `one` is `a signature`,
/// `many` is `signatures`.
[[nodiscard]] std::string expected_signers(const SignerDemand& demand, const std::string& one,
                                           const std::string& many);
/// `thing` is `signature`; `claimed` is told of the first verified one, where none is content.
[[nodiscard]] std::string found_signers(const SignerDemand& demand, const SignatureFacts& facts,
                                        const std::vector<std::string>& satisfied, const std::string& thing,
                                        const std::function<std::string(const VerifiedSignature&)>& claimed);

}  // namespace tegata::policy
