// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

namespace tegata::verifier {

// PEM in the lax form of RFC 7468 (section 3, figure 2): the base64 of a block may stand on lines of any
// length, with whitespace anywhere in it. Nothing else may be in a block, and nothing but whitespace around
// it.

/// The DER inside of exactly one PEM block with this label; none for anything else.
[[nodiscard]] std::optional<std::string> decode_pem(std::string_view pem, std::string_view label);

/// The DER inside of exactly one PEM block `PUBLIC KEY` (RFC 7468, section 13). Malformed otherwise, saying
/// which format was found instead (file_format.h).
[[nodiscard]] Result<std::string> decode_public_key_pem(std::string_view pem);

/// The DER inside of one to limits::kCertificateChain PEM blocks `CERTIFICATE` (RFC 7468, section 5), in
/// their order. Malformed, LimitExceeded.
[[nodiscard]] Result<std::vector<std::string>> decode_certificate_pem(std::string_view pem);

/// Lines of any length, as the lax form of RFC 7468, figure 2, has them; but for vertical tabs and form feeds,
/// which nothing writes.
inline constexpr std::string_view kPemWhitespace = " \t\r\n";
/// Base64 with whitespace anywhere in it.
[[nodiscard]] std::optional<std::string> decode_base64_lines(std::string_view text);

}  // namespace tegata::verifier
