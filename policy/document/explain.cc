// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "policy/document/diagnostics.h"
#include "policy/document/fields.h"
#include "policy/document/load.h"

namespace tegata::policy {
namespace {

std::string item_type(const Field& field) {
  switch (field.type) {
    case Type::Text:
      return std::string(field.text->expected);
    case Type::Word:
      return one_of(names_of(field.words));
    case Type::Count:
      return "a number from " + std::to_string(field.min) + " to " + std::to_string(field.max);
    case Type::Mapping:
      return "a mapping";
    case Type::TextMap:
      return "a mapping of text to text";
    case Type::Scalar:
      return "a text, a number, true or false";
    case Type::Number:
      if (field.max == 0) return "a number";
      return "a number from " + std::to_string(field.min) + " to " + std::to_string(field.max);
    case Type::Truth:
      return "true or false";
  }
  return {};
}

std::string type_of(const Field& field) {
  if (field.version == Version::Later) return "not in this version of tegata";
  return (field.form == Form::List ? "a list; each item: " : "") + item_type(field);
}

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width > text.size() ? width - text.size() : 1, ' ');
}

/// `  name      what it is`, for words and fields alike.
template <typename Named>
std::string table_of(Row<Named> row) {
  std::size_t width = 0;
  for (const auto& entry : row) width = std::max(width, entry.name.size() + 2);
  std::string text;
  for (const auto& entry : row) {
    text += "  " + padded(entry.name, width);
    if (entry.version == Version::Later) text += "(not in this version) ";
    text += std::string(entry.doc) + "\n";
  }
  return text;
}

std::string choice_of(Row<Field> fields) {
  std::string text;
  for (const auto& group : groups_of(fields)) text += "Exactly one of: " + one_of(group) + "\n";
  const auto some = names_of(fields, Choice::AtLeastOne);
  if (!some.empty()) text += "At least one of: " + one_of(some) + "\n";
  return text;
}

std::string fields_of(Row<Field> fields) {
  std::vector<std::string_view> required;
  for (const auto& field : fields)
    if (field.presence == Presence::Required) required.push_back(field.name);
  std::string text = "\nFields:\n" + table_of(fields);
  if (!required.empty()) {
    text += "Required:";
    for (const auto name : required) text += " " + std::string(name);
    text += "\n";
  }
  return text + choice_of(fields);
}

std::string page_of(const std::string& path, const Field& field) {
  std::string text = path + ": " + type_of(field) + "\n" + std::string(field.doc) + "\n";
  if (field.presence == Presence::Required) text += "Required.\n";
  if (!field.needs.empty()) text += "Only beside '" + std::string(field.needs) + "'.\n";
  if (!field.words.empty()) text += "\nWords:\n" + table_of(field.words);
  if (!field.fields.empty()) text += fields_of(field.fields);
  return text;
}

/// Every field's path, to suggest the nearest one.
void collect_paths(Row<Field> fields, const std::string& path, std::vector<std::string>& found) {
  for (const auto& field : fields) {
    const auto own = path.empty() ? std::string(field.name) : path + "." + std::string(field.name);
    found.push_back(own);
    collect_paths(field.fields, own, found);
  }
}

Error not_found(std::string_view path, std::string_view word, const std::string& parent, Row<Field> fields) {
  std::vector<std::string> paths;
  collect_paths(document_fields(), "", paths);
  auto hint = did_you_mean(word, names_of(fields));
  for (const auto& known : paths)
    if (hint.empty() && known.ends_with("." + std::string(word))) hint = "; did you mean '" + known + "'?";
  if (hint.empty() && !fields.empty()) hint = "; expected " + one_of(names_of(fields));
  return {ErrorCode::NotFound, "no field " + in_quotes(word) + " in " +
                                   (parent.empty() ? std::string("a policy") : parent) + hint +
                                   (path == word ? "" : " (asked for " + in_quotes(path) + ")")};
}

/// `rules[0]` and `rules[]` mean `rules`.
std::string_view without_index(std::string_view word) {
  const auto bracket = word.find('[');
  return bracket == std::string_view::npos || !word.ends_with(']') ? word : word.substr(0, bracket);
}

}  // namespace

Result<std::string> explain(std::string_view field_path) {
  Row<Field> fields = document_fields();
  if (field_path.empty())
    return "DeploymentPolicy: what is demanded of deployments.\n" + fields_of(fields) +
           "\nMore about a field: tegata policy explain spec.rules.tag\n";
  std::string path;
  for (std::string_view left = field_path;;) {
    const auto dot = left.find('.');
    const auto word = without_index(left.substr(0, dot));
    const Field* field = find_field(fields, word);
    if (field == nullptr) return not_found(field_path, word, path, fields);
    path += (path.empty() ? "" : ".") + std::string(word);
    if (dot == std::string_view::npos) return page_of(path, *field);
    fields = field->fields;
    left.remove_prefix(dot + 1);
  }
}

}  // namespace tegata::policy
