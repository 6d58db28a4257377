// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tegata::policy::testing {

/// A document in which one thing was changed.
struct Mutation {
  std::string what;  ///< `retyped /spec/rules/0/name as 7`
  std::string text;  ///< JSON
};

/// Each node dropped, its key renamed, a stranger put beside it, itself put into a list, doubled in
/// its list, and replaced by values of every JSON type.
[[nodiscard]] std::vector<Mutation> mutations_of(const nlohmann::ordered_json& document);

}  // namespace tegata::policy::testing
