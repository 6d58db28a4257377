// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/message_members.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "policy/model/ascii.h"
#include "verifier/crypto/text_encoding.h"
#include "verifier/json/strict_json.h"
#include "verifier/sigstore/rejection.h"

namespace tegata::verifier {
namespace {

using nlohmann::json;

std::optional<std::string> unknown_in(const json& value, const MemberShape& shape) {
  if (shape.content == MemberShape::Inside::Anything) return std::nullopt;
  if (!value.is_array()) return unknown_member(value, shape.inside);
  for (const json& element : value) {
    if (element.is_array()) return std::string("[[");
    if (auto unknown = unknown_member(element, shape.inside)) return unknown;
  }
  return std::nullopt;
}

/// `rawBytes` as its .proto writes it: `raw_bytes`.
std::string original_name(const MemberShape& shape) {
  if (shape.original == MemberShape::Original::SameName) return std::string(shape.name);
  std::string name;
  for (const char c : shape.name) {
    if (ascii_lower(c) != c) name += '_';
    name += ascii_lower(c);
  }
  return name;
}

enum class Named { Once, Twice };

Named use_json_name(json::object_t& members, const MemberShape& shape) {
  const auto original = original_name(shape);
  if (original == shape.name || !members.contains(original)) return Named::Once;
  auto field = members.extract(original);
  field.key() = std::string(shape.name);
  return members.insert(std::move(field)).inserted ? Named::Once : Named::Twice;
}

std::optional<std::string> use_json_names_in(json& value, std::span<const MemberShape> shape) {
  if (!value.is_array()) return use_json_names(value, shape);
  for (json& element : value)
    if (auto twice = use_json_names(element, shape)) return twice;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> bytes_member(const json& object, std::string_view key) {
  const auto text = string_member(object, key);
  if (!text.ok() || !*text) return std::nullopt;
  return decode_base64(**text);
}

std::optional<std::string> use_json_names(json& message, std::span<const MemberShape> shape) {
  auto* members = message.get_ptr<json::object_t*>();
  if (!members) return std::nullopt;
  for (const MemberShape& field : shape) {
    if (use_json_name(*members, field) == Named::Twice) return std::string(field.name);
    const auto found = members->find(std::string(field.name));
    if (found == members->end()) continue;
    if (auto twice = use_json_names_in(found->second, field.inside))
      return std::string(field.name) + "." + *twice;
  }
  return std::nullopt;
}

std::optional<std::string> unknown_member(const json& object, std::span<const MemberShape> shape) {
  if (!object.is_object()) return std::nullopt;
  for (const auto& [key, value] : object.items()) {
    const auto known = std::find_if(shape.begin(), shape.end(),
                                    [&key = key](const MemberShape& one) { return one.name == key; });
    if (known == shape.end()) return in_quotes(key);
    if (auto unknown = unknown_in(value, *known)) return std::string(known->name) + "." + *unknown;
  }
  return std::nullopt;
}

}  // namespace tegata::verifier
