// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "policy/document/fields.h"
#include "policy/document/node.h"

namespace tegata::policy {

/// What is wrong with a value that must be a text of that form: " must be …; found …", to be put
/// behind its path. Empty where it is right.
[[nodiscard]] std::optional<std::string> text_problem(const Node& node, const TextForm& form);

/// The same for the key under which `node` stands in a mapping with free keys.
[[nodiscard]] std::optional<std::string> key_problem(const Node& node, const TextForm& form);

/// A plain decimal number without sign or leading zeros; empty for everything else.
[[nodiscard]] std::optional<std::size_t> decimal(const Node& node);

}  // namespace tegata::policy
