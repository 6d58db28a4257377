// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::ecs {

// AWS accepts no control characters in names and ARNs: what has some was not written by AWS.

/// A member that is a name or an ARN; empty where it is absent or null. Malformed where it is no
/// string, or has control characters or marks that turn the direction of writing.
[[nodiscard]] Result<std::string> name_member(const nlohmann::json& object, std::string_view key);

/// Whether every string below `value`, keys too, is such a name; Malformed says which is not.
[[nodiscard]] Status check_names(const nlohmann::json& value, std::string_view what);

}  // namespace tegata::webhook::ecs
