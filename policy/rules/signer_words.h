// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"

// What rules about signers say: who was expected to sign, what was found, and how to get it signed.
namespace tegata::policy {

/// `a signature by one of a.pub or b.pub`; `one` is `a signature`, `many` is `signatures`.
[[nodiscard]] std::string expected_signers(const SignerDemand& demand, const std::string& one,
                                           const std::string& many);
/// `3 signature candidates; OtherSigner: ...`: how many, and the first that does not count; or, where
/// some of the authorities (by file name in `satisfied`) are satisfied, which these are. `thing` is
/// `signature`; `claimed` describes the first verified one, where none is satisfied.
[[nodiscard]] std::string found_signers(const SignerDemand& demand, const SignatureFacts& facts,
                                        const std::vector<std::string>& satisfied, const std::string& thing,
                                        const std::function<std::string(const VerifiedSignature&)>& claimed);

/// Who makes an image have what is required of its signers, and how.
struct Signing {
  std::string_view who;   ///< `ask the owner of the build pipeline to `
  std::string_view verb;  ///< `sign`
  std::string command;    ///< cosign's, without the signer: `sign`, `attest --type TYPE --predicate FILE`
};

/// Cosign's command as it is typed, for the kinds of signers that are required: a key is named to it, an
/// identity is whose browser or pipeline it runs in. `image` is `HOST/PATH@DIGEST`.
[[nodiscard]] std::string cosign_command(const SignerDemand& demand, const std::string& command,
                                         const std::string& image);

/// The fix for an image that has nothing from its signers.
[[nodiscard]] std::string remedy_of_missing(const SignerDemand& demand, const Signing& signing,
                                            const std::string& image);

/// The same where the first candidate is well signed, but no required evidence proves when, or in which
/// log: signing it the same way again would not help, and taking it away would harm. Empty where something
/// else is wrong with it.
[[nodiscard]] std::string remedy_of_unproven(const SignerDemand& demand, const SignatureFacts& facts,
                                             const Signing& signing, const std::string& image);

/// The same where some of the signers have signed (`satisfied`, by name) and others have not.
[[nodiscard]] std::string remedy_of_too_few(const SignerDemand& demand,
                                            const std::vector<std::string>& satisfied, const Signing& signing,
                                            const std::string& image);

}  // namespace tegata::policy
