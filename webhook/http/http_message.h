// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "policy/model/deadline.h"

namespace tegata::webhook::http {

/// How a caller without a client certificate was authenticated.
inline constexpr std::string_view kNotAuthenticated = "none";

/// A complete request within all limits. It has no header fields, because no answer may depend on them.
struct HttpRequest {
  std::string path;                               ///< decoded, without the query
  std::map<std::string, std::string> parameters;  ///< of the query, decoded; the first of each name
  std::string_view body;
  /// When the caller began to wait: the first byte of the request, or the time at which the connection was
  /// accepted if it was opened for this request.
  Deadline::Clock::time_point arrived;
  /// The name in the client's certificate that the server was configured to accept, or kNotAuthenticated.
  std::string_view caller = kNotAuthenticated;
  std::string_view trace_id = {};  ///< RequestHead::trace_id
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

/// Answers one request; called on many threads. An exception becomes a 500 without its text.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

/// Gets the text of an exception that a handler threw, which is an internal error.
using OnBug = std::function<void(const std::string& what)>;

/// A short plain-text reply.
[[nodiscard]] inline HttpReply plain_reply(int status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", std::string(text) + "\n"};
}

/// How long the caller waits for an answer: the `timeout` parameter that the API server sends
/// (`?timeout=10s`). limits::kCallerTimeout if it is absent, invalid or zero; at most
/// limits::kCallerTimeoutMax.
[[nodiscard]] std::chrono::milliseconds caller_timeout(const HttpRequest& request);

/// When an answer must be ready: `arrived` plus the timeout, minus limits::kAnswerMargin for sending the
/// answer, but at least half of the timeout.
[[nodiscard]] Deadline answer_deadline(Deadline::Clock::time_point arrived,
                                       std::chrono::milliseconds timeout);

}  // namespace tegata::webhook::http
