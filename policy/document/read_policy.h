// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/document/reading.h"

namespace tegata::policy {

/// One DeploymentPolicy; errors of meaning are reported. The result counts only where the load as
/// a whole has no error.
[[nodiscard]] Policy read_policy(const Reading& reading, const Node& document);

/// `enforcement`, `onMissing` and `onUnknown` of a policy or a rule.
[[nodiscard]] CostSettings read_costs(const Node& mapping);

/// One rule. Empty where its check cannot be made; then at least one error was reported.
[[nodiscard]] std::optional<Rule> read_rule(const Reading& reading, const Node& node);

/// The kinds of check that have a file of their own; `node` is the value of their field.
[[nodiscard]] TagCheck read_tag(const Reading& reading, const Node& node);
[[nodiscard]] SignatureCheck read_signature(const Reading& reading, const Node& node);
[[nodiscard]] AttestationCheck read_attestation(const Reading& reading, const Node& node);

/// Binds the tag rules of a policy to the rules that their `matchesProvenance` names. `items` are the
/// nodes of all rules, `rules` those that could be read.
void bind_provenance(const Reading& reading, const std::vector<Node>& items, std::vector<Rule>& rules);

/// One exemption of a policy with these rules.
[[nodiscard]] std::optional<Exemption> read_exemption(const Reading& reading, const Node& node,
                                                      const std::vector<std::string_view>& rules);

}  // namespace tegata::policy
