// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <algorithm>
#include <memory>

#include "policy/document/read_rule.h"
#include "policy/document/shape_text.h"
#include "policy/model/limits.h"
#include "policy/rules/commit_id.h"

namespace tegata::policy {
namespace {

/// RE2 itself lets a name stand for two groups.
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
                  "the group named 'commit' stands twice in " + in_quotes(node.text) + ": once is enough");
    return nullptr;
  }
  const auto& error = as_written.ok() ? anchored->error() : as_written.error();
  reading.wrong(node, in_quotes(node.text) + " is not a regular expression (RE2): " + error);
  return nullptr;
}

/// Whose word the commit is. `matchesProvenance` itself is bound when all rules are read.
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
                  "'commitFrom: label' cannot stand beside 'matchesProvenance': the commit is taken "
                  "from one of the two");
  else if (!has_commit(check))
    reading.wrong(*from,
                  "there is no commit in such a tag: 'commitFrom: label' needs 'format: commitId', or "
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
  return check;
}

}  // namespace tegata::policy
