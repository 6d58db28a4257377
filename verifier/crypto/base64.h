// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// RFC 4648, section 4: the standard alphabet with padding, canonical form only.
/// Nothing is skipped: a newline, a missing `=` or non-zero trailing bits give no value.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// Two lower-case digits per byte.
[[nodiscard]] std::string encode_hex(std::string_view bytes);

}  // namespace tegata::verifier
