// SPDX-License-Identifier: Apache-2.0
#include "policy/document/read_identity.h"

#include "policy/document/diagnostics.h"

namespace tegata::policy {
namespace {

const Node* scalar_at(const Node& node, std::string_view name) {
  const Node* child = node.find(name);
  return child != nullptr && child->kind == Node::Kind::Scalar ? child : nullptr;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// `github.com`, where `github[.]com` was meant.
bool has_bare_dot(std::string_view pattern) {
  for (std::size_t i = 1; i + 1 < pattern.size(); ++i)
    if (pattern[i] == '.' && is_letter(pattern[i - 1]) && is_letter(pattern[i + 1])) return true;
  return false;
}

void doubt_pattern(const Node& node, std::vector<std::string>& doubts) {
  if (has_bare_dot(node.text))
    doubts.push_back("the '.' in " + in_quotes(node.text) + " matches any character: write '[.]' for a dot");
  if (node.text.starts_with(".*") || node.text.starts_with("^.*"))
    doubts.push_back(in_quotes(node.text) +
                     " has no fixed prefix, so any identity with this suffix matches: write how it begins");
}

void doubt_glob(const Node& node, std::vector<std::string>& doubts) {
  if (node.text.starts_with("**") || node.text.starts_with("*:"))
    doubts.push_back(in_quotes(node.text) +
                     " has no fixed prefix, so any identity with this suffix matches: write how it begins");
}

std::optional<TextCriterion> read_pattern(const Reading& reading, const Node& node,
                                          std::vector<std::string>& doubts) {
  auto pattern = TextCriterion::pattern(node.text);
  if (!pattern.ok()) {
    tell_not(reading, node, "a regular expression (RE2)", pattern.error());
    return std::nullopt;
  }
  doubt_pattern(node, doubts);
  return *std::move(pattern);
}

std::optional<TextCriterion> read_glob(const Reading& reading, const Node& node,
                                       std::vector<std::string>& doubts) {
  auto glob = TextCriterion::glob(node.text);
  if (!glob.ok()) {
    tell_not(reading, node, "a glob", glob.error());
    return std::nullopt;
  }
  doubt_glob(node, doubts);
  return *std::move(glob);
}

std::optional<TextCriterion> read_issuer(const Reading& reading, const Node& node,
                                         std::vector<std::string>& doubts) {
  if (const Node* exact = scalar_at(node, "issuer")) return TextCriterion::exact(exact->text);
  if (const Node* pattern = scalar_at(node, "issuerRegExp")) return read_pattern(reading, *pattern, doubts);
  return std::nullopt;
}

std::optional<TextCriterion> read_subject(const Reading& reading, const Node& node,
                                          std::vector<std::string>& doubts) {
  if (const Node* exact = scalar_at(node, "subject")) return TextCriterion::exact(exact->text);
  if (const Node* glob = scalar_at(node, "subjectGlob")) return read_glob(reading, *glob, doubts);
  if (const Node* pattern = scalar_at(node, "subjectRegExp")) return read_pattern(reading, *pattern, doubts);
  return std::nullopt;
}

std::optional<GitHubWorkflow> read_github(const Reading& reading, const Node& node,
                                          std::vector<std::string>& doubts) {
  const auto repository = text_at(node, "repository");
  const auto slash = repository.find('/');
  if (slash == std::string::npos) return std::nullopt;
  GitHubWorkflow github{repository.substr(0, slash), repository.substr(slash + 1), std::nullopt,
                        std::nullopt};
  if (const Node* workflow = scalar_at(node, "workflow")) github.workflow = workflow->text;
  if (const Node* ref = scalar_at(node, "ref")) {
    auto glob = UriGlob::parse(ref->text);
    if (!glob.ok()) {
      tell_not(reading, *ref, "a glob", glob.error());
      return std::nullopt;
    }
    github.ref = *std::move(glob);
  } else {
    doubts.push_back("'github' without 'ref' trusts every branch of " + in_quotes(repository) +
                     ", so anyone with push access to it matches");
  }
  return github;
}

}  // namespace

std::optional<IdentityCriteria> read_identity_criteria(const Reading& reading, const Node& node,
                                                       std::vector<std::string>& doubts) {
  IdentityCriteria criteria;
  criteria.issuer = read_issuer(reading, node, doubts);
  criteria.subject = read_subject(reading, node, doubts);
  if (const Node* github = node.find("github")) criteria.github = read_github(reading, *github, doubts);
  if (!criteria.github && (!criteria.issuer || !criteria.subject)) return std::nullopt;
  if (const Node* extensions = node.find("extensions"))
    for (const auto& child : extensions->children) criteria.extensions.emplace(child.key, child.text);
  return criteria;
}

}  // namespace tegata::policy
