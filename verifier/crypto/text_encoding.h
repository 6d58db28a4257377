// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

namespace tegata::verifier {

/// RFC 4648, section 4: the standard alphabet with padding, canonical form only.
/// Nothing is skipped: a newline, a missing `=` or non-zero trailing bits give no value.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);
[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// Two lower-case digits per byte.
[[nodiscard]] std::string encode_hex(std::string_view bytes);

// PEM in the lax form of RFC 7468 (section 3, figure 2): the base64 of a block may have lines of any
// length, with whitespace anywhere in it. Nothing else may be in a block, and nothing but whitespace around
// it.

/// The DER of exactly one PEM block with this label; none for anything else.
[[nodiscard]] std::optional<std::string> decode_pem(std::string_view pem, std::string_view label);

/// The DER of exactly one PEM block `PUBLIC KEY` (RFC 7468, section 13). Malformed otherwise, naming the
/// format that was found (other_format()).
[[nodiscard]] Result<std::string> decode_public_key_pem(std::string_view pem);

/// The DER of one to limits::kCertificateChain PEM blocks `CERTIFICATE` (RFC 7468, section 5), in
/// their order. Malformed, LimitExceeded.
[[nodiscard]] Result<std::vector<std::string>> decode_certificate_pem(std::string_view pem);

/// The whitespace of the lax form (RFC 7468, figure 2), without vertical tab and form feed, which no tool
/// writes.
inline constexpr std::string_view kPemWhitespace = " \t\r\n";
/// Base64 with whitespace anywhere in it.
[[nodiscard]] std::optional<std::string> decode_base64_lines(std::string_view text);

enum class PemFile { PublicKey, Certificates };

/// For a file that is not the expected PEM: Malformed, with the format that was found and, if there is one,
/// the command that converts it.
[[nodiscard]] Error other_format(std::string_view bytes, PemFile expected);

}  // namespace tegata::verifier
