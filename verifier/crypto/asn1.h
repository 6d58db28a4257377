// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tegata::verifier {

/// Whether these bytes are UTF-8 without control characters (C0, DEL, C1): text that can be
/// compared, recorded and displayed without ambiguity.
[[nodiscard]] bool is_plain_text(std::string_view bytes) noexcept;

/// The text of an ASN.1 UTF8String. None: not exactly its DER (X.690), or not plain text.
[[nodiscard]] std::optional<std::string> read_utf8_string(std::string_view der);

/// Encodes an element in DER (X.690, section 8.1.3) with an identifier of one byte.
[[nodiscard]] std::string der_element(char tag, std::string_view contents);

}  // namespace tegata::verifier
