// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/json/strict_json.h"

namespace tegata::verifier {

using nlohmann::json;

std::string valid_utf8(std::string text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
  if (ascii) return text;
  return json::parse(compact(json(std::move(text)))).get<std::string>();
}

std::string compact(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json error_json(const Error& error) {
  return {{"code", std::string(name_of(error.code))}, {"message", valid_utf8(error.message)}};
}

std::optional<Error> read_error(const json& value) {
  const auto name = string_member(value, "code");
  const auto message = string_member(value, "message");
  if (!name.ok() || !message.ok() || !*name || !*message) return std::nullopt;
  const auto code = error_code_of(**name);
  if (!code) return std::nullopt;
  return Error{*code, **message};
}

}  // namespace tegata::verifier
