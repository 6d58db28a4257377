// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tegata::verifier {

/// An element in DER (X.690, section 8.1.3, with the shortest length) of an identifier of one byte.
[[nodiscard]] std::string der_element(char tag, std::string_view contents);

}  // namespace tegata::verifier
