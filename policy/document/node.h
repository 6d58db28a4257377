// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

}  // namespace tegata::policy
