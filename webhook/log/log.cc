// SPDX-License-Identifier: Apache-2.0
#include "webhook/log/log.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "webhook/clock.h"

namespace tegata::webhook {
namespace {

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::Info:
      return "info";
    case LogLevel::Warning:
      return "warning";
    case LogLevel::Error:
      return "error";
  }
  return "error";
}

}  // namespace

LogFields with_trace(LogFields fields, std::string_view trace_id) {
  if (!trace_id.empty()) fields.emplace("traceId", trace_id);
  return fields;
}

void log(LogLevel level, std::string_view message, const LogFields& fields) {
  using Json = nlohmann::ordered_json;
  Json line = {{"time", rfc3339(now())}, {"level", name_of(level)}, {"message", message}};
  for (const auto& [name, value] : fields)
    std::visit([&line, &key = name](const auto& plain) { line[key] = plain; }, value.value());
  const auto text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  // One write a line, so that the lines of several threads do not mix.
  [[maybe_unused]] const auto n = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace tegata::webhook
