// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/members.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace tegata::verifier {
namespace {

Error wrong_type(std::string_view key, std::string_view expected) {
  return {ErrorCode::Malformed, "\"" + std::string(key) + "\" must be " + std::string(expected)};
}

}  // namespace

const nlohmann::json* member(const nlohmann::json& value, std::string_view key) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(key);
  return found == value.end() || found->is_null() ? nullptr : &*found;
}

Result<std::optional<std::string>> string_member(const nlohmann::json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (!value) return std::optional<std::string>();
  if (!value->is_string()) return wrong_type(key, "a string");
  return std::optional(value->get_ref<const std::string&>());
}

Result<std::optional<std::uint64_t>> size_member(const nlohmann::json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (!value) return std::optional<std::uint64_t>();
  if (!value->is_number_unsigned()) return wrong_type(key, "a whole number, not negative");
  const auto number = value->get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return wrong_type(key, "a number below 2^63");
  return std::optional(number);
}

}  // namespace tegata::verifier
