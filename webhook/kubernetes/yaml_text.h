// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// Refuses text in which readers of YAML find different lines or documents. The lines of YAML 1.1 (4.2) also
/// end at U+0085, U+2028 and U+2029, those of YAML 1.2 (5.4) do not; readers skip, end at or refuse other
/// control characters; and kubectl starts a document at `---` in cases where YAML does not.
/// Malformed, with the line: a carriage return without a line feed, U+2028, U+2029, a byte order mark, any
/// other control character (YAML 1.2, 5.1) but tab and line feed, bytes that are not UTF-8, and a line that
/// starts with `---` and continues with anything but blanks and a comment that a blank precedes.
[[nodiscard]] Status check_yaml_text(std::string_view text);

}  // namespace tegata::webhook::kubernetes
