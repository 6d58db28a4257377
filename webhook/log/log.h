// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace tegata::webhook {

enum class LogLevel { Info, Warning, Error };

/// Writes one line of JSON to standard error: time, level, message, and `fields`. The output is one line of
/// valid UTF-8 for any input bytes. Thread-safe; a line that cannot be written is dropped.
void log(LogLevel level, std::string_view message, const std::map<std::string, std::string>& fields = {});

}  // namespace tegata::webhook
