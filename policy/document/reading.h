// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/document/diagnostics.h"
#include "policy/document/node.h"

namespace tegata::policy {

/// What the readers of the parts of one document share. They run on trees that check_shape may
/// have complained about: what is missing or of another kind is skipped, because it was reported already.
struct Reading {
  const Document& document;
  TrustResolver& trust;
  Diagnostics& errors;

  [[nodiscard]] SourceMark mark(const Node& node) const { return {document.name, node.line, node.column}; }
  void wrong(const Node& node, std::string message) const {
    errors.add_if_new(mark(node), std::move(message));
  }
};

/// The text at `name`; empty where there is none.
[[nodiscard]] std::string text_at(const Node& mapping, std::string_view name);

/// The items of the list at `name`; none where it is not a list.
[[nodiscard]] const std::vector<Node>& items_at(const Node& mapping, std::string_view name);

/// The texts of the list at `name`.
[[nodiscard]] std::vector<std::string> texts_at(const Node& mapping, std::string_view name);

/// The image globs of the list at `name`.
[[nodiscard]] std::vector<ImageGlob> globs_at(const Reading& reading, const Node& mapping,
                                              std::string_view name);

}  // namespace tegata::policy
