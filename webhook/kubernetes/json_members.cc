// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/json_members.h"

#include "webhook/kubernetes/text.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

template <typename T>
Result<std::optional<T>> typed_member(dom::object object, std::string_view key, std::string_view path,
                                      std::string_view expected) {
  const auto value = member(object, key);
  if (!value) return std::optional<T>();
  T typed;
  if (value->get(typed) != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, joined(path, key) + " must be " + std::string(expected)};
  return std::optional<T>(typed);
}

}  // namespace

std::optional<dom::element> member(dom::object object, std::string_view key) {
  dom::element value;
  if (object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

Result<std::optional<std::string_view>> string_member(dom::object object, std::string_view key,
                                                      std::string_view path) {
  return typed_member<std::string_view>(object, key, path, "a string");
}
Result<std::optional<dom::object>> object_member(dom::object object, std::string_view key,
                                                 std::string_view path) {
  return typed_member<dom::object>(object, key, path, "an object");
}
Result<std::optional<dom::array>> array_member(dom::object object, std::string_view key,
                                               std::string_view path) {
  return typed_member<dom::array>(object, key, path, "a list");
}
Result<std::optional<bool>> bool_member(dom::object object, std::string_view key, std::string_view path) {
  return typed_member<bool>(object, key, path, "true or false");
}

std::string joined(std::string_view path, std::string_view key) {
  if (path.empty()) return std::string(key);
  return std::string(path) + "." + std::string(key);
}

Result<std::string> name_member(simdjson::dom::object object, std::string_view key, std::string_view path) {
  TEGATA_TRY(const auto name, string_member(object, key, path));
  if (name && !is_plain(*name))
    return Error{ErrorCode::Malformed, joined(path, key) + " has control characters in it"};
  return std::string(name.value_or(""));
}

}  // namespace tegata::webhook::kubernetes
