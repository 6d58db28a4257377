// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "policy/model/result.h"

namespace tegata::verifier {

/// The text with U+FFFD for each byte that is not UTF-8, as a JSON dump would write it.
[[nodiscard]] std::string valid_utf8(std::string text);
/// Compact JSON text. Never throws for what a string holds.
[[nodiscard]] std::string compact(const nlohmann::json& value);

/// {"code", "message"}, and back: empty where it is no such object or the code is not known.
[[nodiscard]] nlohmann::json error_json(const Error& error);
[[nodiscard]] std::optional<Error> read_error(const nlohmann::json& value);

}  // namespace tegata::verifier
