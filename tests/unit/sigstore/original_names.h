// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tegata::testing {

/// `raw_bytes` for `rawBytes`. DSSE's own .proto calls its payloadType so.
inline std::string original_name(const std::string& name) {
  std::string original;
  for (const char c : name)
    original +=
        c >= 'A' && c <= 'Z' ? "_" + std::string(1, static_cast<char>(c - 'A' + 'a')) : std::string(1, c);
  return name == "payloadType" ? name : original;
}

/// The document with every field under the name that its .proto file gives it.
inline nlohmann::json with_original_names(const nlohmann::json& value) {
  if (!value.is_structured()) return value;
  nlohmann::json renamed = value.is_array() ? nlohmann::json::array() : nlohmann::json::object();
  for (const auto& [key, inside] : value.items())
    if (value.is_array())
      renamed.push_back(with_original_names(inside));
    else
      renamed[original_name(key)] = with_original_names(inside);
  return renamed;
}

/// Calls `use` with copies of the document, in each of which one field of some level has both its names.
template <typename Use>
void each_field_twice(const nlohmann::json& document, Use use) {
  const auto flat = document.flatten();
  for (const auto& [leaf, text] : flat.items())
    for (nlohmann::json::json_pointer at(leaf); !at.empty(); at = at.parent_pointer()) {
      if (!document.at(at.parent_pointer()).is_object() || original_name(at.back()) == at.back()) continue;
      auto twice = document;
      twice[at.parent_pointer() / original_name(at.back())] = document.at(at);
      use(twice, at.to_string());
    }
}

}  // namespace tegata::testing
