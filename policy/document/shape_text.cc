// SPDX-License-Identifier: Apache-2.0
#include "policy/document/shape_text.h"

#include <re2/re2.h>

#include <charconv>
#include <map>

#include "policy/document/diagnostics.h"
#include "policy/document/shape.h"
#include "policy/document/source_text.h"
#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

bool has_form(std::string_view text, std::string_view pattern) {
  // The table's patterns are a dozen literals; each is compiled once for each thread.
  thread_local std::map<std::string_view, std::unique_ptr<re2::RE2>> compiled;
  auto& form = compiled[pattern];
  if (!form) form = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()));
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *form);
}

/// Unescaping can make what the file itself may not hold: "\n", "\u202e".
bool is_one_line(std::string_view text) {
  return text.find_first_of("\n\r\t") == std::string_view::npos && !find_forbidden(text);
}

std::optional<std::string> problem_of(std::string_view text, const TextForm& form) {
  if (text.empty() && form.may_be_empty) return std::nullopt;
  if (text.empty()) return " must be " + std::string(form.expected) + "; found an empty text";
  if (text.size() > form.max_bytes)
    return " has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(form.max_bytes) +
           " are allowed";
  if (!is_one_line(text)) return " must be one line without control characters; found " + in_quotes(text);
  if (!form.pattern.empty() && !has_form(text, form.pattern))
    return " must be " + std::string(form.expected) + "; found " + in_quotes(text);
  return std::nullopt;
}

std::string ambiguity_of(std::string_view text) {
  return " must be text, and YAML readers take " + in_quotes(text) +
         " for something else; write it in quotes: \"" + std::string(text) + "\"";
}

constexpr TextForm kScalarText{"", "a text, a number, true or false", limits::kPolicyText, true};

}  // namespace

std::optional<std::string> scalar_problem(const Node& node) {
  return scalar_of(node) ? std::nullopt : text_problem(node, kScalarText);
}

std::optional<std::string> text_problem(const Node& node, const TextForm& form) {
  if (node.kind != Node::Kind::Scalar)
    return " must be " + std::string(form.expected) + "; found " + described(node);
  if (node.style == Node::Style::Plain && plain_is_not_text(node.text)) return ambiguity_of(node.text);
  return problem_of(node.text, form);
}

std::optional<std::string> key_problem(const Node& node, const TextForm& form) {
  if (node.key_style == Node::Style::Plain && plain_is_not_text(node.key)) return ambiguity_of(node.key);
  return problem_of(node.key, form);
}

std::optional<Value> number_of(const Node& node) {
  if (node.kind != Node::Kind::Scalar || node.style != Node::Style::Plain) return std::nullopt;
  static const re2::RE2 form("-?(0|[1-9][0-9]*)([.][0-9]+)?");
  if (!re2::RE2::FullMatch(node.text, form)) return std::nullopt;
  const char* end = node.text.data() + node.text.size();
  std::int64_t whole = 0;
  const auto read = std::from_chars(node.text.data(), end, whole);
  if (read.ec == std::errc{} && read.ptr == end) return Value{whole};
  double fraction = 0;
  const auto with_point = std::from_chars(node.text.data(), end, fraction);
  if (node.text.find('.') == std::string::npos || with_point.ec != std::errc{}) return std::nullopt;
  return Value{fraction};
}

std::optional<bool> truth_of(const Node& node) {
  if (node.kind != Node::Kind::Scalar || node.style != Node::Style::Plain) return std::nullopt;
  if (node.text == "true") return true;
  return node.text == "false" ? std::optional(false) : std::nullopt;
}

std::optional<Value> scalar_of(const Node& node) {
  if (const auto truth = truth_of(node)) return Value{*truth};
  if (auto number = number_of(node)) return number;
  if (node.kind != Node::Kind::Scalar || text_problem(node, kScalarText)) return std::nullopt;
  return Value{node.text};
}

std::optional<std::size_t> decimal(const Node& node) {
  const auto& text = node.text;
  if (node.kind != Node::Kind::Scalar || node.style != Node::Style::Plain || text.empty())
    return std::nullopt;
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  std::size_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace tegata::policy
