// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tegata {

/// Text from outside, escaped for a line that a person reads: printable ASCII stays;
/// control characters, direction overrides, look-alike letters and every other character become
/// `\n`, `\x1b` or `\u{202e}`; a quote or backslash gets a backslash. At most `max_bytes` long, the
/// rest cut off and replaced by `...`; an escape is never cut in two.
[[nodiscard]] std::string printable(std::string_view untrusted, std::size_t max_bytes = 200);

/// For a sentence of our own that quotes text from outside by quoted(): quotes and backslashes are
/// kept, everything else is treated as by printable().
[[nodiscard]] std::string sentence(std::string_view ours, std::size_t max_bytes = 200);

/// As printable(), between double quotes.
[[nodiscard]] std::string quoted(std::string_view untrusted, std::size_t max_bytes = 200);

}  // namespace tegata
