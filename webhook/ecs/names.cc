// SPDX-License-Identifier: Apache-2.0
#include "webhook/ecs/names.h"

#include <nlohmann/json.hpp>

#include "policy/model/printable.h"
#include "verifier/json/members.h"
#include "webhook/kubernetes/one_line.h"

namespace tegata::webhook::ecs {
namespace {

Error not_plain(std::string_view what, std::string_view text) {
  return {ErrorCode::Malformed, std::string(what) + " has control characters in it: " + tegata::quoted(text)};
}

}  // namespace

Result<std::string> name_member(const nlohmann::json& object, std::string_view key) {
  TEGATA_TRY(const auto name, verifier::string_member(object, key));
  if (name && !kubernetes::is_plain(*name)) return not_plain(key, *name);
  return name.value_or("");
}

Status check_names(const nlohmann::json& value, std::string_view what) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!kubernetes::is_plain(text)) return not_plain(what, text);
  }
  if (value.is_array())
    for (const auto& element : value) TEGATA_CHECK(check_names(element, what));
  if (value.is_object())
    for (const auto& [key, element] : value.items()) {
      if (!kubernetes::is_plain(key)) return not_plain(what, key);
      TEGATA_CHECK(check_names(element, what));
    }
  return done();
}

}  // namespace tegata::webhook::ecs
