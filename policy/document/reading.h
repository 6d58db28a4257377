// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "policy/document/diagnostics.h"
#include "policy/document/read_yaml.h"
#include "policy/rules/condition.h"

/// The readers of a document: from its tree to a PolicySet, part by part.
namespace tegata::policy {

/// What the readers of the parts of one document share. They run on trees that check_shape may
/// have complained about: what is missing or of another kind is skipped, because it was reported already.
struct Reading {
  const Document& document;
  TrustResolver& trust;
  Diagnostics& errors;

  [[nodiscard]] SourceMark mark(const Node& node) const { return {document.name, node.line, node.column}; }
  void wrong(const Node& node, std::string message) const {
    errors.add_if_new(mark(node), std::move(message));
  }
};

/// The text at `name`; empty where there is none.
[[nodiscard]] std::string text_at(const Node& mapping, std::string_view name);

/// The items of the list at `name`; none where it is not a list.
[[nodiscard]] const std::vector<Node>& items_at(const Node& mapping, std::string_view name);

/// The texts of the list at `name`.
[[nodiscard]] std::vector<std::string> texts_at(const Node& mapping, std::string_view name);

/// The image globs of the list at `name`.
[[nodiscard]] std::vector<ImageGlob> globs_at(const Reading& reading, const Node& mapping,
                                              std::string_view name);

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
[[nodiscard]] VulnerabilitiesCheck read_vulnerabilities(const Reading& reading, const Node& node);

/// Binds the rules about vulnerabilities to the attestation rules that their `sources` name, whose
/// authorities then read the reports, too. Before bind_provenance(), which copies rules.
void bind_scans(const Reading& reading, const std::vector<Node>& items, std::vector<Rule>& rules);

/// Binds the tag rules of a policy to the rules that their `matchesProvenance` names. `items` are the
/// nodes of all rules, `rules` those that could be read.
void bind_provenance(const Reading& reading, const std::vector<Node>& items, std::vector<Rule>& rules);

/// The duration in a member, at most limits::kPolicyDuration. None if it is absent or has another form, which
/// was reported already.
[[nodiscard]] std::optional<std::chrono::seconds> duration_at(const Reading& reading, const Node& node,
                                                              std::string_view name);

/// The names of a policy's rules, as they are written.
struct RuleNames {
  std::vector<std::string_view> all;
  std::vector<std::string_view> never_lifted;  ///< of those that no exemption may name
};

/// One exemption of a policy with these names of rules, of which `rules` could be read.
[[nodiscard]] std::optional<Exemption> read_exemption(const Reading& reading, const Node& node,
                                                      const RuleNames& names, const std::vector<Rule>& rules);

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
