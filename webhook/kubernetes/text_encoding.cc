// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/text_encoding.h"

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

Error malformed(std::string_view why) { return {ErrorCode::Malformed, "not UTF-16: " + std::string(why)}; }

/// RFC 2781, section 2.2.
Result<std::string> from_utf16(std::string_view bytes, ByteOrder order) {
  if (bytes.size() % 2 != 0) return malformed("an odd number of bytes");
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
      if (!paired) return malformed("an unpaired surrogate at byte " + std::to_string(i + 1));
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

}  // namespace tegata::webhook::kubernetes
