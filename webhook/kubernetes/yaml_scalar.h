// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// The text as a JSON string.
[[nodiscard]] std::string json_string(std::string_view text);

/// A plain scalar as JSON, by the core schema of YAML 1.2 (10.3.2): null, true, false, integers
/// (decimal, 0o, 0x), floats; all else is a string. Malformed: `.inf` and `.nan`, which JSON has not.
[[nodiscard]] Result<std::string> json_of_plain_scalar(std::string_view text);

}  // namespace tegata::webhook::kubernetes
