// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "policy/document/read_yaml.h"

namespace tegata::policy::testing {

/// A tree as an editor's JSON Schema support sees it: plain numbers, truth values and nothing have
/// their JSON types (YAML 1.2, core schema), all else is text.
[[nodiscard]] nlohmann::ordered_json as_json(const Node& node);

}  // namespace tegata::policy::testing
