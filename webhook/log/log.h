// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tegata::webhook {

enum class LogLevel { Info, Warning, Error };

/// Writes one line of JSON to standard error: time, level, message, and `fields`. Whatever bytes
/// come in, the line is valid UTF-8 and one line. Thread-safe; what cannot be written is dropped.
void log(LogLevel level, std::string_view message, const std::map<std::string, std::string>& fields = {});

}  // namespace tegata::webhook
