// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "policy/model/result.h"

namespace tegata::webhook::kubernetes {

// Readers of members of a JSON object. A member that is absent or null is empty, as the API server reads it;
// one of another type is Malformed, and the error names `path` and the key.

[[nodiscard]] std::optional<simdjson::dom::element> member(simdjson::dom::object object,
                                                           std::string_view key);
[[nodiscard]] Result<std::optional<std::string_view>> string_member(simdjson::dom::object object,
                                                                    std::string_view key,
                                                                    std::string_view path = {});
[[nodiscard]] Result<std::optional<simdjson::dom::object>> object_member(simdjson::dom::object object,
                                                                         std::string_view key,
                                                                         std::string_view path = {});
[[nodiscard]] Result<std::optional<simdjson::dom::array>> array_member(simdjson::dom::object object,
                                                                       std::string_view key,
                                                                       std::string_view path = {});
[[nodiscard]] Result<std::optional<bool>> bool_member(simdjson::dom::object object, std::string_view key,
                                                      std::string_view path = {});

/// A name: empty if it is absent or null; Malformed if it has control characters.
[[nodiscard]] Result<std::string> name_member(simdjson::dom::object object, std::string_view key,
                                              std::string_view path);

/// `path.key`, or `key` if the path is empty.
[[nodiscard]] std::string joined(std::string_view path, std::string_view key);

}  // namespace tegata::webhook::kubernetes
