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

/// An element of DER, as views of the bytes that it was read from.
struct DerElement {
  char tag;                   ///< identifiers here have one byte
  std::string_view whole;     ///< with its header
  std::string_view contents;  ///< without
};
/// Removes the first element from `bytes`. None: not an element of definite length.
[[nodiscard]] std::optional<DerElement> take_der_element(std::string_view& bytes);
/// The contents of the only element, of this tag.
[[nodiscard]] std::optional<std::string_view> only_der_element(std::string_view bytes, char tag);

}  // namespace tegata::verifier
