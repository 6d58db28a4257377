// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// RFC 4648, section 4: the standard alphabet with padding, in the one spelling that these bytes
/// have. Nothing is skipped: a newline, a missing `=` or stray low bits give no value.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// Two lower-case digits a byte.
[[nodiscard]] std::string encode_hex(std::string_view bytes);

}  // namespace tegata::verifier
