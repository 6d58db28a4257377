// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

/// The text as a JSON string.
[[nodiscard]] std::string json_string(std::string_view text);

/// A scalar as JSON. `type` is its type by tag (`str`, `int`, `float`, `bool`, `null`), or empty for a
/// plain scalar, which is typed by the core schema of YAML 1.2 (10.3.2): null, true, false, integers
/// (decimal, 0o, 0x), floats; all else is a string. Malformed: `.inf` and `.nan`, which JSON does not
/// have, another type, and text that is not of the type.
[[nodiscard]] Result<std::string> json_of_scalar(std::string_view type, std::string_view text);

/// Expands the merge key that is member number `merge` (from 0) of a mapping. Its value is a mapping or a
/// list of mappings, and their members replace it. A merged member is left out if the mapping itself, or an
/// earlier mapping of the list, has the same key. `object` is JSON without blanks, with json_string() keys.
/// Malformed: the value is neither a mapping nor a list of mappings, or a merged key is also written before
/// the merge key, because YAML readers disagree on which one counts.
[[nodiscard]] Result<std::string> merge_json(std::string_view object, std::size_t merge);

}  // namespace tegata::webhook::kubernetes
