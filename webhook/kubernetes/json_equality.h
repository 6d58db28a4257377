// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

namespace tegata::webhook::kubernetes {

/// Whether two values say the same: members in any order, elements in order, numbers of one type.
/// Both must have passed check_unambiguous(), which bounds the depth and makes members unique.
[[nodiscard]] bool same_json(simdjson::dom::element a, simdjson::dom::element b);
[[nodiscard]] bool same_json(simdjson::dom::object a, simdjson::dom::object b);

}  // namespace tegata::webhook::kubernetes
