// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "webhook/http/http_message.h"

namespace tegata::webhook::http {

/// How long the caller waits for an answer, from the `timeout` parameter that the API server sends
/// (`?timeout=10s`). limits::kCallerTimeout where it is absent or no duration above zero; at most
/// limits::kCallerTimeoutMax.
[[nodiscard]] std::chrono::milliseconds caller_timeout(const HttpRequest& request);

/// When an answer must be ready: `arrived` and the timeout, less limits::kAnswerMargin for the answer
/// itself, but never less than half of the timeout.
[[nodiscard]] Deadline answer_deadline(Deadline::Clock::time_point arrived,
                                       std::chrono::milliseconds timeout);

}  // namespace tegata::webhook::http
