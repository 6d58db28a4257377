// SPDX-License-Identifier: Apache-2.0
#include "policy/document/shape.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "policy/document/diagnostics.h"
#include "policy/document/read_yaml.h"
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

std::optional<double> real_number(const Node& node) {
  const auto number = number_of(node);
  if (!number) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&number->of)) return static_cast<double>(*whole);
  return std::get<double>(number->of);
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

namespace {

class ShapeCheck {
 public:
  ShapeCheck(const std::string& file, Diagnostics& errors) : file_(file), errors_(errors) {}

  void mapping(const Node& node, Row<Field> fields, const std::string& path) {
    if (node.kind != Node::Kind::Mapping) return wrong(node, path, "a mapping");
    for (const auto& child : node.children) {
      if (errors_.full()) return;
      const Field* field = find_field(fields, child.key);
      if (field == nullptr)
        unknown(child, fields, path);
      else if (field->version == Version::Later)
        at_key(child, in_quotes(child.key) + " is not in this version of tegata");
      else
        value(child, *field, below(path, child.key));
    }
    presence(node, fields, path);
    choices(node, fields, path);
  }

 private:
  static std::string below(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + "." + std::string(name);
  }
  static std::string named(const std::string& path) { return path.empty() ? "the document" : path; }

  void at(const Node& node, std::string message) {
    errors_.add({file_, node.line, node.column}, std::move(message));
  }
  void at_key(const Node& node, std::string message) {
    errors_.add({file_, node.key_line, node.key_column}, std::move(message));
  }
  void wrong(const Node& node, const std::string& path, const std::string& expected) {
    at(node, named(path) + " must be " + expected + "; found " + described(node));
  }

  void unknown(const Node& child, Row<Field> fields, const std::string& path) {
    const auto known = names_of(fields);
    auto hint = did_you_mean(child.key, known);
    if (hint.empty()) hint = "; expected " + one_of(known);
    at_key(child, "unknown field " + in_quotes(child.key) + " in " + named(path) + hint);
  }

  void presence(const Node& node, Row<Field> fields, const std::string& path) {
    for (const auto& field : fields) {
      const Node* child = node.find(field.name);
      if (field.presence == Presence::Required && child == nullptr)
        at(node, named(path) + " needs '" + std::string(field.name) + "'");
      if (child != nullptr && !field.needs.empty() && node.find(field.needs) == nullptr)
        at_key(*child,
               "'" + std::string(field.name) + "' needs '" + std::string(field.needs) + "' beside it");
    }
  }

  /// The first field that is present of a group of alternatives; a second one is an error.
  const Node* chosen_of(const Node& node, const std::vector<std::string_view>& group,
                        const std::string& path) {
    const Node* chosen = nullptr;
    for (const auto& child : node.children) {
      if (std::find(group.begin(), group.end(), child.key) == group.end()) continue;
      if (chosen != nullptr)
        at_key(child, in_quotes(child.key) + " cannot be combined with " + in_quotes(chosen->key) + ": " +
                          named(path) + " has exactly one of them");
      chosen = &child;
    }
    return chosen;
  }

  static bool refused_by_name(const Node& node, Row<Field> fields) {
    return std::any_of(node.children.begin(), node.children.end(), [&](const Node& child) {
      const Field* field = find_field(fields, child.key);
      return field != nullptr && field->version == Version::Later && field->choice != Choice::Free;
    });
  }

  void choices(const Node& node, Row<Field> fields, const std::string& path) {
    if (refused_by_name(node, fields)) return;
    for (const auto& group : groups_of(fields))
      if (chosen_of(node, group, path) == nullptr)
        at(node, named(path) + " needs " + (group.size() > 1 ? "exactly one of " : "") + one_of(group));
    const auto some = names_of(fields, Choice::AtLeastOne);
    const bool chosen = std::any_of(some.begin(), some.end(),
                                    [&](std::string_view name) { return node.find(name) != nullptr; });
    if (!some.empty() && !chosen) at(node, named(path) + " needs at least one of " + one_of(some));
  }

  void value(const Node& node, const Field& field, const std::string& path) {
    if (field.form == Form::One) return item(node, field, path);
    if (node.kind != Node::Kind::Sequence) return wrong(node, path, "a list");
    if (node.children.size() < field.min) at(node, path + " must not be an empty list");
    if (field.max != 0 && node.children.size() > field.max)
      at(node, path + " has " + std::to_string(node.children.size()) + " items; at most " +
                   std::to_string(field.max) + " are allowed");
    for (std::size_t i = 0; i < node.children.size(); ++i)
      item(node.children[i], field, path + "[" + std::to_string(i) + "]");
  }

  void item(const Node& node, const Field& field, const std::string& path) {
    switch (field.type) {
      case Type::Mapping:
        if (!field.words.empty() && node.kind == Node::Kind::Scalar) return word(node, field, path);
        return mapping(node, field.fields, path);
      case Type::TextMap:
        return text_map(node, field, path);
      case Type::Text:
        return text(node, *field.text, path);
      case Type::Word:
        return word(node, field, path);
      case Type::Count:
        return count(node, field, path);
      case Type::Scalar:
        if (auto problem = scalar_problem(node)) at(node, path + *problem);
        return;
      case Type::Number:
        return number(node, field, path);
      case Type::Truth:
        if (!truth_of(node)) wrong(node, path, "true or false");
        return;
    }
  }

  void text(const Node& node, const TextForm& form, const std::string& path) {
    if (auto problem = text_problem(node, form)) at(node, path + *problem);
  }

  void text_map(const Node& node, const Field& field, const std::string& path) {
    if (node.kind != Node::Kind::Mapping) return wrong(node, path, "a mapping of text to text");
    if (node.children.size() < field.min) at(node, path + " must not be empty");
    for (const auto& child : node.children) {
      if (auto problem = key_problem(child, *field.text)) at_key(child, "a key of " + path + *problem);
      text(child, *field.text, below(path, in_quotes(child.key)));
    }
  }

  void word(const Node& node, const Field& field, const std::string& path) {
    const auto known = names_of(field.words);
    if (node.kind != Node::Kind::Scalar) return wrong(node, path, one_of(known));
    for (const auto& word : field.words) {
      if (word.name != node.text) continue;
      if (word.version == Version::Later)
        at(node, "'" + std::string(field.name) + ": " + node.text + "' is not in this version of tegata");
      return;
    }
    at(node,
       path + " must be " + one_of(known) + "; found " + described(node) + did_you_mean(node.text, known));
  }

  void number(const Node& node, const Field& field, const std::string& path) {
    const auto value = real_number(node);
    if (field.max == 0) {
      if (!value) wrong(node, path, "a number");
    } else if (!value || *value < static_cast<double>(field.min) || *value > static_cast<double>(field.max)) {
      wrong(node, path, "a number from " + std::to_string(field.min) + " to " + std::to_string(field.max));
    }
  }

  void count(const Node& node, const Field& field, const std::string& path) {
    const auto number = decimal(node);
    if (!number || *number < field.min || *number > field.max)
      wrong(node, path, "a number from " + std::to_string(field.min) + " to " + std::to_string(field.max));
  }

  const std::string& file_;
  Diagnostics& errors_;
};

}  // namespace

std::string described(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      return "nothing";
    case Node::Kind::Sequence:
      return "a list";
    case Node::Kind::Mapping:
      return "a mapping";
    case Node::Kind::Scalar:
      return (node.style == Node::Style::Quoted ? "the text " : "") + in_quotes(node.text);
  }
  return {};
}

void check_shape(const Node& document, const std::string& file, Diagnostics& errors) {
  ShapeCheck(file, errors).mapping(document, document_fields(), "");
}

}  // namespace tegata::policy
