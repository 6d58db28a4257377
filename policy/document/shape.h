// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/document/diagnostics.h"
#include "policy/document/fields.h"
#include "policy/document/node.h"

namespace tegata::policy {

/// Holds a document against the table of fields: known words, kinds of values, what is required,
/// what excludes what, lengths and forms. What this passes, json_schema() passes, and the other way
/// round, but for what only the reader can see (see docs/policy-reference.md, "the schema").
void check_shape(const Node& document, const std::string& file, Diagnostics& errors);

/// `a mapping`, `a list`, `nothing`, `the text '…'`: what a node is, for messages.
[[nodiscard]] std::string described(const Node& node);

}  // namespace tegata::policy
