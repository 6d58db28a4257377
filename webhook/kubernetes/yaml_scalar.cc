// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/yaml_scalar.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace tegata::webhook::kubernetes {
namespace {

bool among(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::size_t digits_of(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < '0' || c > '9'; });
  return static_cast<std::size_t>(end - text.begin());
}

/// Without leading zeros, which JSON has not.
std::string trimmed(std::string_view digits) {
  const auto first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return std::string(digits.substr(first));
}

std::optional<std::string> based(std::string_view text) {
  const int base = text.starts_with("0o") ? 8 : text.starts_with("0x") ? 16 : 0;
  if (base == 0 || text.size() == 2) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(value);
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?, which has the integers in it.
std::optional<std::string> number(std::string_view text) {
  std::string json = text.starts_with('-') ? "-" : "";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto whole = text.substr(0, digits_of(text));
  text.remove_prefix(whole.size());
  std::string_view fraction;
  if (text.starts_with('.')) {
    fraction = text.substr(1, digits_of(text.substr(1)));
    text.remove_prefix(1 + fraction.size());
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  json += whole.empty() ? "0" : trimmed(whole);
  if (!fraction.empty()) json += "." + std::string(fraction);
  if (text.empty()) return json;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  json += 'e';
  if (text.starts_with('-')) json += '-';
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || digits_of(text) != text.size()) return std::nullopt;
  return json + std::string(text);
}

bool is_infinite(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return among(text, {".inf", ".Inf", ".INF"});
}

}  // namespace

std::string json_string(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') json += '\\';
    if (byte >= 0x20) {
      json += c;
    } else {
      json += "\\u00";
      json += kHex[byte >> 4];
      json += kHex[byte & 15];
    }
  }
  return json + '"';
}

Result<std::string> json_of_plain_scalar(std::string_view text) {
  if (among(text, {"", "~", "null", "Null", "NULL"})) return std::string("null");
  if (among(text, {"true", "True", "TRUE"})) return std::string("true");
  if (among(text, {"false", "False", "FALSE"})) return std::string("false");
  if (is_infinite(text) || among(text, {".nan", ".NaN", ".NAN"}))
    return Error{ErrorCode::Malformed, "JSON has no " + std::string(text)};
  if (auto json = based(text)) return *std::move(json);
  if (auto json = number(text)) return *std::move(json);
  return json_string(text);
}

}  // namespace tegata::webhook::kubernetes
