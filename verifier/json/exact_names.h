// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::verifier {

/// Whether every program reads these members of an object alike. Malformed: a member whose name is a known
/// one in other letters (`"Config"` beside or in place of `"config"`). Programs written in Go, as registries
/// and container runtimes are, take it for the known one. `what` is the document, for the message.
[[nodiscard]] Status exact_names(const nlohmann::json& object, std::initializer_list<std::string_view> known,
                                 std::string_view what);

}  // namespace tegata::verifier
