// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/predicate_value.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace tegata::verifier {
namespace {

using nlohmann::json;

Value array_value(const json& value) {
  Value::Array elements;
  elements.reserve(value.size());
  for (const json& element : value) elements.push_back(to_value(element));
  return {std::move(elements)};
}

Value object_value(const json& value) {
  Value::Object members;
  for (const auto& [name, member] : value.items()) members.emplace(name, to_value(member));
  return {std::move(members)};
}

Value unsigned_value(std::uint64_t number) {
  if (number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return {static_cast<std::int64_t>(number)};
  return {static_cast<double>(number)};
}

}  // namespace

Value to_value(const json& value) {
  switch (value.type()) {
    case json::value_t::boolean:
      return {value.get<bool>()};
    case json::value_t::number_integer:
      return {value.get<std::int64_t>()};
    case json::value_t::number_unsigned:
      return unsigned_value(value.get<std::uint64_t>());
    case json::value_t::number_float:
      return {value.get<double>()};
    case json::value_t::string:
      return {value.get<std::string>()};
    case json::value_t::array:
      return array_value(value);
    case json::value_t::object:
      return object_value(value);
    case json::value_t::null:
    case json::value_t::binary:
    case json::value_t::discarded:
      break;
  }
  return {};
}

}  // namespace tegata::verifier
