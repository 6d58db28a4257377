// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_policy.h"

#include <map>

#include "policy/document/read_rule.h"

namespace tegata::policy {
namespace {

const Node& child_or_empty(const Node& mapping, std::string_view name) {
  static const Node kEmpty;
  const Node* child = mapping.find(name);
  return child != nullptr ? *child : kEmpty;
}

std::optional<Match> read_match(const Node& spec) {
  const Node* node = spec.find("match");
  if (node == nullptr) return std::nullopt;
  Match match;
  if (const Node* kubernetes = node->find("kubernetes"))
    match.kubernetes = {texts_at(*kubernetes, "namespaces"), texts_at(*kubernetes, "excludeNamespaces")};
  if (const Node* ecs = node->find("ecs"))
    match.ecs = {texts_at(*ecs, "accounts"), texts_at(*ecs, "clusters")};
  return match;
}

/// The names of all rules, of those too that could not be read: exemptions may name them. A name
/// that stands twice is an error.
std::vector<std::string_view> rule_names(const Reading& reading, const Node& spec) {
  std::vector<std::string_view> names;
  std::map<std::string_view, int> seen;
  for (const auto& item : items_at(spec, "rules")) {
    const Node* name = item.find("name");
    if (name == nullptr || name->kind != Node::Kind::Scalar) continue;
    names.push_back(name->text);
    const auto [first, is_new] = seen.emplace(name->text, name->line);
    if (!is_new)
      reading.wrong(*name, "two rules are named " + in_quotes(name->text) + "; the first is in line " +
                               std::to_string(first->second));
  }
  return names;
}

}  // namespace

Policy read_policy(const Reading& reading, const Node& document) {
  const Node& spec = child_or_empty(document, "spec");
  Policy policy;
  policy.name = text_at(child_or_empty(document, "metadata"), "name");
  policy.mark = reading.mark(document);
  policy.costs = read_costs(spec);
  policy.match = read_match(spec);
  for (const auto& item : items_at(spec, "rules"))
    if (auto rule = read_rule(reading, item)) policy.rules.push_back(*std::move(rule));
  bind_provenance(reading, items_at(spec, "rules"), policy.rules);
  const auto names = rule_names(reading, spec);
  for (const auto& item : items_at(spec, "exemptions"))
    if (auto exemption = read_exemption(reading, item, names))
      policy.exemptions.push_back(*std::move(exemption));
  return policy;
}

}  // namespace tegata::policy
