// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "policy/model/result.h"

namespace tegata::verifier {

/// The text with invalid UTF-8 replaced by U+FFFD, as nlohmann::json writes it.
[[nodiscard]] std::string valid_utf8(std::string text);
/// Compact JSON text. Does not throw for invalid UTF-8 in strings.
[[nodiscard]] std::string compact(const nlohmann::json& value);

/// {"code", "message"}, and back: empty if the value is not such an object or the code is unknown.
[[nodiscard]] nlohmann::json error_json(const Error& error);
[[nodiscard]] std::optional<Error> read_error(const nlohmann::json& value);

}  // namespace tegata::verifier
