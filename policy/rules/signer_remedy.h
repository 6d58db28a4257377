// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/signature_facts.h"
#include "policy/rules/checks.h"

namespace tegata::policy {

/// How an image comes to have what its signers are asked for.
struct Signing {
  std::string_view words;  ///< `sign the image where it is built`
  std::string command;  ///< cosign's, without what says whose: `sign`, `attest --type TYPE --predicate FILE`
};

/// The sentence for an image (`HOST/PATH@DIGEST`) that nobody signed: a key is named to cosign, an identity
/// is whose browser or pipeline it runs in.
[[nodiscard]] std::string remedy_of_missing(const SignerDemand& demand, const Signing& signing,
                                            const std::string& image);

/// The same where the first candidate is well signed, but nothing that is asked for proves when, or in which
/// log: signing it the same way again would not help, and taking it away would harm. Empty where something
/// else is wrong with it.
[[nodiscard]] std::string remedy_of_unproven(const SignerDemand& demand, const SignatureFacts& facts,
                                             const Signing& signing, const std::string& image);

}  // namespace tegata::policy
