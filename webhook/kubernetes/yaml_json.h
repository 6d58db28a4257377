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

/// A mapping whose member number `merge` (from 0) is a merge key: the members of the mapping, or of the
/// mappings in the list, that is its value are put in its place, those left out that another member
/// of the mapping has, or an earlier mapping of the list. `object` is JSON without blanks, of
/// json_string() keys. Malformed: the value is neither a mapping nor a list of mappings, or a key
/// that is merged is also written before the merge key, where readers of YAML disagree on who wins.
[[nodiscard]] Result<std::string> merge_json(std::string_view object, std::size_t merge);

}  // namespace tegata::webhook::kubernetes
