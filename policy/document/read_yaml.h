// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document/diagnostics.h"
#include "policy/document/node.h"

namespace tegata::policy {

/// Bytes that are not allowed in a policy document.
struct ForbiddenText {
  int line = 1;    ///< from 1
  int column = 1;  ///< in bytes, from 1
  std::string what;
};

/// The first byte of `text` that is not UTF-8, or the first character that a reviewer would not see
/// as what it is: control characters (tab, LF and CR LF are fine), U+2028 and U+2029, which some
/// readers take for line breaks, and those that turn the direction of writing.
[[nodiscard]] std::optional<ForbiddenText> find_forbidden(std::string_view text);

/// The YAML documents of one file as trees, in file order. What cannot be read, and what is not
/// allowed here (anchors, aliases, tags, merge keys, duplicate keys, more or deeper than
/// limits.h allows), becomes an error; then the trees may be incomplete. JSON is YAML.
[[nodiscard]] std::vector<Node> read_yaml(const Document& document, Diagnostics& errors);

}  // namespace tegata::policy
