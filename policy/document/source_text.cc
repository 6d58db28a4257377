// SPDX-License-Identifier: Apache-2.0
#include "policy/document/source_text.h"

#include <cstdint>
#include <cstdio>

namespace tegata::policy {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  ///< 0: not UTF-8
};

std::size_t length_by_first_byte(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

/// RFC 3629: shortest form only, no surrogates, nothing above U+10FFFF.
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t length = length_by_first_byte(byte(0));
  if (length == 0 || at + length > text.size()) return {};
  if (length == 1) return {byte(0), 1};
  std::uint32_t code = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF))) return {};
  if (code >= 0xD800 && code <= 0xDFFF) return {};
  return {code, length};
}

bool turns_direction(std::uint32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

bool is_forbidden(std::uint32_t code) {
  if (code == '\t' || code == '\n') return false;
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029 ||
         code == 0xFEFF || code == 0xFFFE || code == 0xFFFF || turns_direction(code);
}

std::string named(std::uint32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(code));
  return "the character " + std::string(text) + ", which cannot be seen, is not allowed here";
}

}  // namespace

std::optional<ForbiddenText> find_forbidden(std::string_view text) {
  ForbiddenText place;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
      ++at;
      continue;
    }
    const auto character = character_at(text, at);
    if (character.bytes == 0) place.what = "not UTF-8: a policy document is UTF-8 text";
    if (character.bytes != 0 && is_forbidden(character.code)) place.what = named(character.code);
    if (!place.what.empty()) return place;
    at += character.bytes;
    place.column += static_cast<int>(character.bytes);
    if (character.code == '\n') {
      ++place.line;
      place.column = 1;
    }
  }
  return std::nullopt;
}

}  // namespace tegata::policy
