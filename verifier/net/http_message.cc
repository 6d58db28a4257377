// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/http_message.h"

namespace tegata::verifier {

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return std::nullopt;
}

std::vector<std::string_view> HttpResponse::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : headers)
    if (key == name) values.emplace_back(value);
  return values;
}

}  // namespace tegata::verifier
