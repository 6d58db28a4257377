// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// The text of a file as UTF-8 without a byte order mark. UTF-16 is recognized by its byte order mark,
/// or by a zero in the first or second byte (RFC 4627, section 3): PowerShell's `>` writes UTF-16LE. Other
/// bytes are returned unchanged. Malformed: UTF-16 that is truncated or has an unpaired
/// surrogate, and UTF-32.
[[nodiscard]] Result<std::string> utf8_text(std::string_view bytes);

/// The text as one line that is safe to show: line breaks and tabs become spaces, other control
/// characters, marks of bidirectional text and bytes that are not UTF-8 become U+FFFD. Text longer than
/// `runes` code points is truncated, and `…` is the last of them.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t runes);

/// One code point and the number of its bytes. A byte that starts no valid UTF-8 sequence (RFC 3629) is
/// U+FFFD, one byte long and not valid.
struct Rune {
  char32_t value = 0xFFFD;
  std::size_t length = 1;
  bool valid = false;
};

/// The first code point of a text that is not empty.
[[nodiscard]] Rune first_rune(std::string_view text);

/// How many code points; a byte that is not UTF-8 counts as one.
[[nodiscard]] std::size_t rune_count(std::string_view text);

/// Whether the text is UTF-8 and contains nothing that one_line() would replace.
[[nodiscard]] bool is_plain(std::string_view text);

}  // namespace tegata::webhook::kubernetes
