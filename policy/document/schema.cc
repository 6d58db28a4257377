// SPDX-License-Identifier: Apache-2.0
// The table of fields as a JSON Schema, draft-07: for completion and checks in editors.
#include <nlohmann/json.hpp>

#include "policy/document/fields.h"
#include "policy/document/load.h"
#include "policy/model/limits.h"

namespace tegata::policy {
namespace {

using Json = nlohmann::ordered_json;

Json object_of(Row<Field> fields);

Json text_of(const TextForm& form) {
  Json schema = {{"type", "string"}, {"minLength", form.may_be_empty ? 0 : 1}, {"maxLength", form.max_bytes}};
  if (!form.pattern.empty()) schema["pattern"] = form.pattern;
  return schema;
}

Json word_of(Row<Word> words) {
  Json schema = {{"type", "string"}, {"enum", Json::array()}};
  for (const auto name : names_of(words)) schema["enum"].push_back(name);
  return schema;
}

/// Draft-07 ignores the siblings of a `$ref`, a description too.
Json reference_to(const Field& field) {
  Json reference = {{"$ref", "#/definitions/" + std::string(field.shared)}};
  if (field.form == Form::List) return reference;
  return {{"allOf", Json::array({std::move(reference)})}};
}

/// Or one of the built words that may be in its place.
Json mapping_of(const Field& field) {
  Json schema = field.shared.empty() ? object_of(field.fields) : reference_to(field);
  if (names_of(field.words).empty()) return schema;
  return {{"anyOf", Json::array({word_of(field.words), std::move(schema)})}};
}

Json item_of(const Field& field) {
  switch (field.type) {
    case Type::Text:
      return text_of(*field.text);
    case Type::Word:
      return word_of(field.words);
    case Type::Count:
      return {{"type", "integer"}, {"minimum", field.min}, {"maximum", field.max}};
    case Type::Mapping:
      return mapping_of(field);
    case Type::TextMap:
      return {{"type", "object"},
              {"minProperties", field.min},
              {"propertyNames", text_of(*field.text)},
              {"additionalProperties", text_of(*field.text)}};
    case Type::Scalar:
      return {{"type", Json::array({"string", "number", "boolean"})}, {"maxLength", limits::kPolicyText}};
    case Type::Number:
      if (field.max != 0) return {{"type", "number"}, {"minimum", field.min}, {"maximum", field.max}};
      return {{"type", "number"}};
    case Type::Truth:
      return {{"type", "boolean"}};
  }
  return {};
}

Json list_of(const Field& field) {
  Json schema = {{"type", "array"}, {"items", item_of(field)}};
  if (field.min > 0) schema["minItems"] = field.min;
  if (field.max > 0) schema["maxItems"] = field.max;
  return schema;
}

Json field_schema(const Field& field) {
  Json schema;
  if (field.version == Version::Later) {
    schema["description"] = "Not in this version of tegata. " + std::string(field.doc);
    schema["not"] = Json::object();  // nothing passes
    return schema;
  }
  schema["description"] = field.doc;
  schema.update(field.form == Form::List ? list_of(field) : item_of(field));
  return schema;
}

/// `oneOf` or `anyOf` over the fields that are present.
Json alternatives(const std::vector<std::string_view>& names) {
  Json choices = Json::array();
  for (const auto name : names) choices.push_back({{"required", Json::array({name})}});
  return choices;
}

Json object_of(Row<Field> fields) {
  Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  Json required = Json::array();
  Json dependencies = Json::object();
  for (const auto& field : fields) {
    schema["properties"][std::string(field.name)] = field_schema(field);
    if (field.presence == Presence::Required) required.push_back(field.name);
    if (!field.needs.empty()) dependencies[std::string(field.name)] = Json::array({field.needs});
  }
  if (!required.empty()) schema["required"] = std::move(required);
  if (!dependencies.empty()) schema["dependencies"] = std::move(dependencies);
  const auto groups = groups_of(fields);
  if (groups.size() == 1) schema["oneOf"] = alternatives(groups.front());
  if (groups.size() > 1)
    for (const auto& group : groups) schema["allOf"].push_back({{"oneOf", alternatives(group)}});
  if (const auto names = names_of(fields, Choice::AtLeastOne); !names.empty())
    schema["anyOf"] = alternatives(names);
  return schema;
}

void collect_definitions(Row<Field> fields, Json& definitions) {
  for (const auto& field : fields) {
    if (!field.shared.empty() && !definitions.contains(field.shared))
      definitions[std::string(field.shared)] = object_of(field.fields);
    collect_definitions(field.fields, definitions);
  }
}

}  // namespace

std::string json_schema() {
  Json schema = {
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "DeploymentPolicy"},
      {"description", "What Tegata demands of deployments; docs/policy-reference.md has examples."}};
  schema.update(object_of(document_fields()));
  schema["definitions"] = Json::object();
  collect_definitions(document_fields(), schema["definitions"]);
  return schema.dump(2) + "\n";
}

}  // namespace tegata::policy
