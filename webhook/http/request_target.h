// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tegata::webhook::http {

/// The parts of a request target in origin-form (RFC 9112, section 3.2.1), decoded.
struct RequestTarget {
  std::string path;
  std::map<std::string, std::string> parameters;  ///< of the query; the first of each name
};

/// `path ["?" name ["=" value] *("&" name ["=" value])]`. Decodes `%` and two hexadecimal digits, and in the
/// query `+` as a space; an incomplete escape stays as it is.
[[nodiscard]] RequestTarget parse_request_target(std::string_view target);

}  // namespace tegata::webhook::http
