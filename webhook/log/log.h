// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace tegata::webhook {

enum class LogLevel { Info, Warning, Error };

/// A text or a whole number; each is written as that in JSON.
class LogValue {
 public:
  LogValue(std::string text) : value_(std::move(text)) {}
  LogValue(std::string_view text) : value_(std::string(text)) {}
  LogValue(const char* text) : value_(std::string(text)) {}
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) LogValue(Number number) : value_(static_cast<std::int64_t>(number)) {}

  [[nodiscard]] const std::variant<std::string, std::int64_t>& value() const noexcept { return value_; }

 private:
  std::variant<std::string, std::int64_t> value_;
};
using LogFields = std::map<std::string, LogValue>;

/// Adds the caller's trace (W3C Trace Context) as `traceId`, if there is one.
[[nodiscard]] LogFields with_trace(LogFields fields, std::string_view trace_id);

/// Writes one line of JSON to standard error: time, level, message, and `fields`. The output is one line of
/// valid UTF-8 for any input bytes. Thread-safe; a line that cannot be written is dropped.
void log(LogLevel level, std::string_view message, const LogFields& fields = {});

}  // namespace tegata::webhook
