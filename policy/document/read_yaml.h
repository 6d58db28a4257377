// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/document/diagnostics.h"
#include "policy/document/node.h"

namespace tegata::policy {

/// The YAML documents of one file as trees, in file order. What cannot be read, and what is not
/// allowed here (anchors, aliases, tags, merge keys, keys that stand twice, more or deeper than
/// limits.h allows), becomes an error; then the trees may be incomplete. JSON is YAML.
[[nodiscard]] std::vector<Node> read_yaml(const Document& document, Diagnostics& errors);

}  // namespace tegata::policy
