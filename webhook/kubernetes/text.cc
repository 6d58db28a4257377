// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/text.h"

#include <cstdint>
#include <optional>

namespace tegata::webhook::kubernetes {
namespace {

using namespace std::string_view_literals;

enum class ByteOrder { LittleEndian, BigEndian };

void append_utf8(std::string& text, std::uint32_t rune) {
  const auto continued = [&](int shift) { text += static_cast<char>(0x80 | ((rune >> shift) & 0x3F)); };
  if (rune < 0x80) {
    text += static_cast<char>(rune);
  } else if (rune < 0x800) {
    text += static_cast<char>(0xC0 | (rune >> 6));
    continued(0);
  } else if (rune < 0x10000) {
    text += static_cast<char>(0xE0 | (rune >> 12));
    continued(6);
    continued(0);
  } else {
    text += static_cast<char>(0xF0 | (rune >> 18));
    continued(12);
    continued(6);
    continued(0);
  }
}

Error not_utf16(std::string_view why) { return {ErrorCode::Malformed, "not UTF-16: " + std::string(why)}; }

/// RFC 2781, section 2.2.
Result<std::string> from_utf16(std::string_view bytes, ByteOrder order) {
  if (bytes.size() % 2 != 0) return not_utf16("an odd number of bytes");
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<std::uint8_t>(bytes[i]);
    const auto second = static_cast<std::uint8_t>(bytes[i + 1]);
    return order == ByteOrder::LittleEndian ? static_cast<std::uint32_t>(first | second << 8)
                                            : static_cast<std::uint32_t>(first << 8 | second);
  };
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    auto rune = unit(i);
    if (rune >= 0xD800 && rune < 0xE000) {
      const bool paired = rune < 0xDC00 && i + 2 < bytes.size() && (unit(i + 2) & 0xFC00) == 0xDC00;
      if (!paired) return not_utf16("an unpaired surrogate at byte " + std::to_string(i + 1));
      i += 2;
      rune = 0x10000 + ((rune - 0xD800) << 10) + (unit(i) - 0xDC00);
    }
    append_utf8(text, rune);
  }
  return text;
}

}  // namespace

Result<std::string> utf8_text(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv))
    return Error{ErrorCode::Malformed, "UTF-32 is not supported; save the file as UTF-8"};
  if (bytes.starts_with("\xEF\xBB\xBF")) return std::string(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), ByteOrder::LittleEndian);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), ByteOrder::BigEndian);
  if (bytes.size() >= 2 && bytes[0] == 0 && bytes[1] != 0) return from_utf16(bytes, ByteOrder::BigEndian);
  if (bytes.size() >= 2 && bytes[0] != 0 && bytes[1] == 0) return from_utf16(bytes, ByteOrder::LittleEndian);
  return std::string(bytes);
}

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

std::size_t length_of(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

}  // namespace

Rune first_rune(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto length = length_of(byte(0));
  if (length == 0 || length > text.size()) return {};
  if (length == 1) return {byte(0), 1, true};
  char32_t value = byte(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  if (overlong || surrogate || value > 0x10FFFF) return {};
  return {value, length, true};
}

namespace {

bool is_space(char32_t rune) { return rune == '\n' || rune == '\r' || rune == '\t'; }

/// C0, DEL, C1, the line and paragraph separators, and the marks of bidirectional text.
bool is_control(char32_t rune) {
  return rune < 0x20 || (rune >= 0x7F && rune < 0xA0) || rune == 0x061C ||
         (rune >= 0x200E && rune <= 0x200F) || (rune >= 0x2028 && rune <= 0x202E) ||
         (rune >= 0x2066 && rune <= 0x2069) || rune == 0xFEFF;
}

/// Whether all of it is printable ASCII, which needs no look at each code point.
bool is_printable_ascii(std::string_view text) {
  bool other = false;
  for (const char c : text) other |= static_cast<unsigned char>(c - 0x20) >= 0x7F - 0x20;
  return !other;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t runes) {
  if (text.size() <= runes && is_printable_ascii(text)) return std::string(text);
  std::string line;
  line.reserve(text.size());
  std::size_t count = 0;
  std::size_t before_last = 0;  // the length of `line` without its last code point
  while (!text.empty()) {
    const auto rune = first_rune(text);
    if (count == runes) {
      line.resize(before_last);
      if (runes > 0) line += kEllipsis;
      return line;
    }
    before_last = line.size();
    if (is_space(rune.value))
      line += ' ';
    else if (!rune.valid || is_control(rune.value))
      line += kReplacement;
    else
      line += text.substr(0, rune.length);
    ++count;
    text.remove_prefix(rune.length);
  }
  return line;
}

std::size_t rune_count(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_rune(text).length);
  return count;
}

bool is_plain(std::string_view text) {
  if (is_printable_ascii(text)) return true;
  while (!text.empty()) {
    const auto rune = first_rune(text);
    if (!rune.valid || is_control(rune.value)) return false;
    text.remove_prefix(rune.length);
  }
  return true;
}

}  // namespace tegata::webhook::kubernetes
