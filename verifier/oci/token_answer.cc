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

Error malformed(std::string message) { return {ErrorCode::Malformed, std::move(message)}; }

}  // namespace

Result<TokenAnswer> parse_token_answer(std::string_view body) {
  const auto document = parse_strict_json(body);
  if (!document.ok() || !document->is_object()) return malformed("the answer is no JSON object");
  auto token = string_member(*document, "token");
  auto access_token = string_member(*document, "access_token");
  if (!token.ok() || !access_token.ok()) return malformed("the token is no string");
  std::string text = token->value_or("");
  if (text.empty()) text = access_token->value_or("");
  if (text.empty()) return malformed("the answer holds no token");
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return malformed("the token holds bytes that no header can carry");
  const auto expires_in = size_member(*document, "expires_in");
  if (!expires_in.ok()) return malformed("expires_in is no whole number of seconds");
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
