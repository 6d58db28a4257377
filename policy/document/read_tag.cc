// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <algorithm>
#include <memory>

#include "policy/document/diagnostics.h"
#include "policy/document/reading.h"
#include "policy/document/shape.h"
#include "policy/model/limits.h"
#include "policy/rules/rules.h"

namespace tegata::policy {
namespace {

/// RE2 itself allows a name for two groups.
bool has_one_commit_at_most(const re2::RE2& pattern) {
  const auto& groups = pattern.CapturingGroupNames();
  return std::count_if(groups.begin(), groups.end(),
                       [](const auto& group) { return group.second == "commit"; }) <= 1;
}

/// Compiles what the author wrote and, where that is well formed, its anchored form: `(` and `)`
/// that only match each other through our brackets would otherwise slip out of the anchors.
std::shared_ptr<const re2::RE2> compile(const Reading& reading, const Node& node) {
  re2::RE2::Options options;
  options.set_max_mem(limits::kPatternMemory);
  options.set_log_errors(false);
  const re2::RE2 as_written(node.text, options);
  auto anchored = std::make_shared<const re2::RE2>("\\A(?:" + node.text + ")\\z", options);
  if (as_written.ok() && anchored->ok()) {
    if (has_one_commit_at_most(*anchored)) return anchored;
    reading.wrong(node,
                  "the group named 'commit' is used twice in " + in_quotes(node.text) + ": once is enough");
    return nullptr;
  }
  const auto& error = as_written.ok() ? anchored->error() : as_written.error();
  reading.wrong(node, in_quotes(node.text) + " is not a regular expression (RE2): " + error);
  return nullptr;
}

/// The source of the commit. `matchesProvenance` itself is bound when all rules are read.
void read_commit_source(const Reading& reading, const Node& tag, TagCheck& check) {
  const Node* from = tag.find("commitFrom");
  if (from == nullptr) return;
  const bool has_rule = tag.find("matchesProvenance") != nullptr;
  if (from->text == "provenance" && !has_rule)
    reading.wrong(*from,
                  "'commitFrom: provenance' needs 'matchesProvenance', which names the rule that "
                  "verifies the provenance");
  if (from->text != "label") return;
  check.commit_from = CommitFrom::Label;
  if (has_rule)
    reading.wrong(*from,
                  "'commitFrom: label' cannot be combined with 'matchesProvenance': the commit is taken "
                  "from one of the two");
  else if (!has_commit(check))
    reading.wrong(*from,
                  "this tag format has no commit: 'commitFrom: label' needs 'format: commitId', or "
                  "a 'pattern' with a group named commit");
}

}  // namespace

TagCheck read_tag(const Reading& reading, const Node& node) {
  TagCheck check;
  check.commit_id = node.find("format") != nullptr;
  if (const Node* length = node.find("minLength"))
    check.min_length = decimal(*length).value_or(check.min_length);
  const Node* pattern = node.find("pattern");
  if (pattern != nullptr && pattern->kind == Node::Kind::Scalar && !pattern->text.empty() &&
      pattern->text.size() <= limits::kPattern) {
    check.pattern = compile(reading, *pattern);
    check.pattern_text = pattern->text;
  }
  read_commit_source(reading, node, check);
  check.digest_only = text_at(node, "digestOnly") == "allow" ? DigestOnly::Allow : DigestOnly::Deny;
  if (text_at(node, "immutable") == "registry") check.immutable = TagImmutable::Registry;
  return check;
}

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
        "this tag format has no commit: 'matchesProvenance' needs 'format: commitId', or a 'pattern' "
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
