// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/value_class.h"

#include <algorithm>
#include <array>

namespace tegata::webhook::kubernetes {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool base64url(char c) { return digit(c) || upper(c) || lower(c) || c == '-' || c == '_'; }

/// An optional sign, digits, and at most one point among them.
bool is_number(std::string_view value) {
  if (value.starts_with('-') || value.starts_with('+')) value.remove_prefix(1);
  const auto points = std::count(value.begin(), value.end(), '.');
  const auto digits = std::count_if(value.begin(), value.end(), digit);
  return digits > 0 && points <= 1 && static_cast<std::size_t>(points + digits) == value.size();
}

bool is_boolean(std::string_view value) {
  constexpr std::array<std::string_view, 6> kWords = {"true", "false", "True", "False", "TRUE", "FALSE"};
  return std::find(kWords.begin(), kWords.end(), value) != kWords.end();
}

/// AKIA or ASIA and sixteen more upper-case letters and digits: the form of AWS access key ids.
bool is_access_key_id(std::string_view value) {
  return value.size() == 20 && (value.starts_with("AKIA") || value.starts_with("ASIA")) &&
         std::all_of(value.begin(), value.end(), [](char c) { return upper(c) || digit(c); });
}

/// Three base64url parts, the first of which is an object that begins with `{"`.
bool is_json_web_token(std::string_view value) {
  return value.size() > 20 && value.starts_with("eyJ") && std::count(value.begin(), value.end(), '.') == 2 &&
         std::all_of(value.begin(), value.end(), [](char c) { return base64url(c) || c == '.'; });
}

bool is_private_key(std::string_view value) {
  const auto begin = value.find("-----BEGIN ");
  if (begin == std::string_view::npos) return false;
  return value.find("PRIVATE KEY-----", begin) != std::string_view::npos;
}

/// The part between `scheme://` and the path; empty if the text has no scheme.
std::string_view authority(std::string_view value) {
  const auto colon = value.find("://");
  if (colon == std::string_view::npos || colon == 0) return {};
  const auto scheme = value.substr(0, colon);
  const bool valid = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return lower(c) || upper(c) || digit(c) || c == '+' || c == '-' || c == '.';
  });
  if (!valid) return {};
  const auto rest = value.substr(colon + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

bool has_password(std::string_view authority) {
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return false;
  const auto colon = authority.find(':');
  return colon != std::string_view::npos && colon + 1 < at;
}

}  // namespace

ValueClass classify(std::string_view value) noexcept {
  if (value.empty()) return ValueClass::Empty;
  if (is_private_key(value)) return ValueClass::PrivateKey;
  if (is_access_key_id(value)) return ValueClass::AccessKeyId;
  if (is_json_web_token(value)) return ValueClass::JsonWebToken;
  if (const auto host = authority(value); !host.empty())
    return has_password(host) ? ValueClass::UrlWithPassword : ValueClass::Url;
  if (is_boolean(value)) return ValueClass::Boolean;
  if (is_number(value)) return ValueClass::Number;
  return ValueClass::Text;
}

EnvironmentVariable literal_variable(std::string_view container, std::string_view name,
                                     std::string_view value, const ValueHasher& hasher) {
  return {std::string(container), std::string(name), classify(value),
          value.empty() || !hasher ? std::string() : hasher(value)};
}

}  // namespace tegata::webhook::kubernetes
