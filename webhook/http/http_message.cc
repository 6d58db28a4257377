// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/http_message.h"

#include <algorithm>

#include "policy/model/limits.h"
#include "webhook/config/duration.h"

namespace tegata::webhook::http {

std::chrono::milliseconds caller_timeout(const HttpRequest& request) {
  const auto parameter = request.parameters.find("timeout");
  if (parameter == request.parameters.end()) return limits::kCallerTimeout;
  const auto timeout = parse_duration(parameter->second);
  if (!timeout.ok() || timeout->count() == 0) return limits::kCallerTimeout;
  return std::min<std::chrono::milliseconds>(*timeout, limits::kCallerTimeoutMax);
}

Deadline answer_deadline(Deadline::Clock::time_point arrived, std::chrono::milliseconds timeout) {
  return Deadline::at(arrived +
                      std::max<std::chrono::milliseconds>(timeout - limits::kAnswerMargin, timeout / 2));
}

}  // namespace tegata::webhook::http
