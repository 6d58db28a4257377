// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/token_answer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "policy/model/limits.h"
#include "verifier/json/members.h"
#include "verifier/json/strict_json.h"

namespace tegata::verifier {
namespace {

constexpr std::chrono::seconds kDefaultLifetime{60};

std::string text_of(const nlohmann::json& object, std::string_view key) {
  const auto* value = member(object, key);
  if (value == nullptr || !value->is_string()) return {};
  const auto& text = value->get_ref<const std::string&>();
  return text.size() <= limits::kRefusalWords ? text : std::string();
}

}  // namespace

std::string refusal_in(std::string_view body) {
  const auto document = parse_strict_json(body);
  if (!document.ok()) return {};
  if (auto details = text_of(*document, "details"); !details.empty()) return details;
  const auto* errors = member(*document, "errors");
  if (errors == nullptr || !errors->is_array() || errors->empty()) return {};
  return text_of(errors->front(), "message");
}

Result<TokenAnswer> parse_token_answer(std::string_view body) {
  const auto document = parse_strict_json(body);
  if (!document.ok() || !document->is_object()) return Error::unexpected("the answer is not a JSON object");
  auto token = string_member(*document, "token");
  auto access_token = string_member(*document, "access_token");
  if (!token.ok() || !access_token.ok()) return Error::unexpected("the token is not a string");
  std::string text = token->value_or("");
  if (text.empty()) text = access_token->value_or("");
  if (text.empty()) {
    const auto refusal = refusal_in(body);
    return Error::unexpected(refusal.empty() ? "the answer holds no token"
                                             : "it gives no token and says \"" + refusal + "\"");
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return Error::unexpected("the token holds bytes that no header can carry");
  const auto expires_in = size_member(*document, "expires_in");
  if (!expires_in.ok()) return Error::unexpected("expires_in is not a whole number of seconds");
  auto lifetime = kDefaultLifetime;
  if (*expires_in)
    lifetime = std::chrono::seconds(static_cast<std::int64_t>(
        std::min<std::uint64_t>(**expires_in, static_cast<std::uint64_t>(limits::kTokenLifetime.count()))));
  Secret plain(std::move(text));
  std::string header = "Bearer ";
  header.append(plain.reveal());
  return TokenAnswer{Secret(std::move(header)), lifetime};
}

}  // namespace tegata::verifier
