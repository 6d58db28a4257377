// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/document/diagnostics.h"

namespace tegata::policy {

/// One node of a policy document, with its place. Children are in file order; those of a mapping
/// carry their key. Keys of a mapping are unique, nothing is shared, nothing is cyclic.
struct Node {
  enum class Kind { Null, Scalar, Sequence, Mapping };
  enum class Style { Plain, Quoted };

  Kind kind = Kind::Null;
  Style style = Style::Plain;  ///< of a scalar; a block scalar is quoted
  std::string text;            ///< of a scalar, after YAML's unescaping
  int line = 1;                ///< counted from 1
  int column = 1;              ///< in bytes, counted from 1
  std::vector<Node> children;

  std::string key;  ///< in a mapping
  Style key_style = Style::Plain;
  int key_line = 1;
  int key_column = 1;

  /// The value at `name` of a mapping; null where there is none, or where this is not a mapping.
  [[nodiscard]] const Node* find(std::string_view name) const noexcept {
    if (kind != Kind::Mapping) return nullptr;
    for (const auto& child : children)
      if (child.key == name) return &child;
    return nullptr;
  }
};

/// Whether YAML readers take this plain (unquoted) scalar for something else than text: a number, a
/// truth value (`yes`, `on` and `n` of YAML 1.1 too), or nothing.
[[nodiscard]] bool plain_is_not_text(std::string_view text);

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
