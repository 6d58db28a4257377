// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// Every document of a YAML stream as JSON text, empty documents left out. Plain scalars are typed
/// by the core schema of YAML 1.2; aliases are expanded.
///
/// Malformed: not YAML, an alias inside its own anchor, a merge key (`<<`), a tag other than !!str,
/// a key that is no scalar, `.inf` and `.nan`. LimitExceeded: more than limits::kManifestNodes nodes
/// with the aliases expanded, limits::kJsonDepth levels, or limits::kInputFile bytes of either text.
/// A key that stands twice is left to whoever reads the JSON.
[[nodiscard]] Result<std::vector<std::string>> json_of_yaml(std::string_view text);

}  // namespace tegata::webhook::kubernetes
