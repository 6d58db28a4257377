// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/document/reading.h"
#include "policy/rules/condition.h"

namespace tegata::policy {

/// `anyOf`, `allOf`, `threshold`, `of` and `repository` of a check. With `attestation`, the authorities
/// must have made attestations that are as it says, not signatures. The check's own Sufficiency is not
/// set yet.
void read_signers(const Reading& reading, const Node& node, const std::optional<PredicateDemand>& attestation,
                  SignerDemand& demand);

/// One item of such a list: `{key: …}`, `{keyless: …}` or `{certificate: …}`. Empty where it cannot be
/// made; then at least one error was reported. A probable mistake is added to `warnings`.
[[nodiscard]] std::optional<Authority> read_authority(const Reading& reading, const Node& item,
                                                      const std::optional<PredicateDemand>& attestation,
                                                      std::vector<std::string>& warnings);

/// The conditions of a `where`, `any` or `all`; those that cannot be read are left out and reported.
[[nodiscard]] std::vector<Condition> read_conditions(const Reading& reading, const std::vector<Node>& items);

/// A path of a document, relative to its folder, as one that can be opened.
[[nodiscard]] std::string absolute_path(const Reading& reading, const std::string& path);

/// Reports that the text of `node` is not `what`, and why.
void report_invalid(const Reading& reading, const Node& node, std::string_view what, const Error& error);

}  // namespace tegata::policy
