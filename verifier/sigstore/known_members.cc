// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/known_members.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "verifier/crypto/base64.h"
#include "verifier/json/members.h"
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

}  // namespace

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

std::optional<std::string> bytes_member(const json& object, std::string_view key) {
  const auto text = string_member(object, key);
  if (!text.ok() || !*text) return std::nullopt;
  return decode_base64(**text);
}

}  // namespace tegata::verifier
