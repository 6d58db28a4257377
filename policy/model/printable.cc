// SPDX-License-Identifier: Apache-2.0
#include "policy/model/printable.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace tegata {
namespace {

constexpr std::string_view kCut = "...";

std::string hex(std::uint32_t value) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return {digits.data(), end};
}

std::string escaped_byte(unsigned char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return byte < 16 ? "\\x0" + hex(byte) : "\\x" + hex(byte);
  }
}

std::size_t utf8_length(unsigned char lead) {
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 1;
}

enum class Quotes { Escaped, Kept };

/// Takes one character off the front and gives its printable form.
std::string take_escaped(std::string_view& rest, Quotes quotes) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const std::size_t length = utf8_length(lead);
  std::uint32_t code_point = lead & (0xffU >> (length + 1));
  bool whole = length > 1 && length <= rest.size();
  for (std::size_t i = 1; whole && i < length; ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    whole = (byte & 0xc0) == 0x80;
    code_point = code_point << 6 | (byte & 0x3fU);
  }
  rest.remove_prefix(whole ? length : 1);
  if (whole) return "\\u{" + hex(code_point) + "}";
  const bool is_quote = lead == '"' || lead == '\\';
  if (is_quote && quotes == Quotes::Escaped) return {'\\', static_cast<char>(lead)};
  if (lead >= 0x20 && lead < 0x7f) return std::string(1, static_cast<char>(lead));
  return escaped_byte(lead);
}

std::string escaped(std::string_view untrusted, std::size_t max_bytes, Quotes quotes) {
  std::string text;
  std::size_t room_for_cut = 0;  // where `...` may begin without the whole growing past the bound
  while (!untrusted.empty()) {
    text += take_escaped(untrusted, quotes);
    if (text.size() > max_bytes) {
      text.resize(room_for_cut);
      return text.append(kCut);
    }
    if (text.size() + kCut.size() <= max_bytes) room_for_cut = text.size();
  }
  return text;
}

}  // namespace

std::string printable(std::string_view untrusted, std::size_t max_bytes) {
  return escaped(untrusted, max_bytes, Quotes::Escaped);
}

std::string sentence(std::string_view ours, std::size_t max_bytes) {
  return escaped(ours, max_bytes, Quotes::Kept);
}

std::string quoted(std::string_view untrusted, std::size_t max_bytes) {
  return "\"" + printable(untrusted, max_bytes) + "\"";
}

}  // namespace tegata
