// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tegata::webhook::kubernetes {

/// The text as one line that is safe to show: line breaks and tabs become spaces, other control
/// characters and those that turn the direction of writing become U+FFFD, as do bytes that are not
/// UTF-8. Longer than `runes` code points, it is cut, and `…` is the last of them.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t runes);

/// How many code points; a byte that is not UTF-8 counts as one.
[[nodiscard]] std::size_t rune_count(std::string_view text);

/// Whether the text is UTF-8 and holds nothing that one_line() would replace.
[[nodiscard]] bool is_plain(std::string_view text);

}  // namespace tegata::webhook::kubernetes
