// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/document/diagnostics.h"
#include "policy/document/read_rule.h"
#include "policy/rules/commit_id.h"

namespace tegata::policy {
namespace {

const Rule* rule_named(const std::vector<Rule>& rules, std::string_view name) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

/// What the named rule checks; empty where it is of another kind.
std::shared_ptr<const ProvenanceBinding> binding_to(const Rule& rule) {
  if (const auto* signature = std::get_if<SignatureCheck>(&rule.check))
    return std::make_shared<const ProvenanceBinding>(ProvenanceBinding{rule.name, *signature});
  if (const auto* attestation = std::get_if<AttestationCheck>(&rule.check))
    return std::make_shared<const ProvenanceBinding>(ProvenanceBinding{rule.name, *attestation});
  return nullptr;
}

/// Names of rules that were written, of those too that could not be read.
std::vector<std::string_view> written_names(const std::vector<Node>& items) {
  std::vector<std::string_view> names;
  for (const auto& item : items)
    if (const Node* name = item.find("name"); name != nullptr && name->kind == Node::Kind::Scalar)
      names.push_back(name->text);
  return names;
}

void bind_rule(const Reading& reading, const std::vector<Node>& items, const Node& written,
               const std::vector<Rule>& rules, TagCheck& check) {
  const Rule* named = rule_named(rules, written.text);
  const auto names = written_names(items);
  if (named == nullptr) {
    if (std::find(names.begin(), names.end(), written.text) == names.end())
      reading.wrong(written, "no rule named " + in_quotes(written.text) + " in this policy" +
                                 did_you_mean(written.text, names));
    return;
  }
  check.provenance = binding_to(*named);
  if (check.provenance == nullptr)
    reading.wrong(written, "rule " + in_quotes(written.text) +
                               " verifies no commit: expected a rule of the kind "
                               "signature or attestation");
  else if (!has_commit(check))
    reading.wrong(
        written,
        "there is no commit in such a tag: 'matchesProvenance' needs 'format: commitId', or a 'pattern' "
        "with a group named commit");
}

}  // namespace

void bind_provenance(const Reading& reading, const std::vector<Node>& items, std::vector<Rule>& rules) {
  for (const auto& item : items) {
    const Node* tag = item.find("tag");
    const Node* written = tag == nullptr ? nullptr : tag->find("matchesProvenance");
    if (written == nullptr || written->kind != Node::Kind::Scalar) continue;
    const auto name = text_at(item, "name");
    for (auto& rule : rules)
      if (auto* check = std::get_if<TagCheck>(&rule.check); check != nullptr && rule.name == name)
        bind_rule(reading, items, *written, rules, *check);
  }
}

}  // namespace tegata::policy
