// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "policy/model/deadline.h"

namespace tegata::webhook::http {

/// A request that was read as a whole, within every limit. Its header fields are not here: nothing
/// that answers may depend on them.
struct HttpRequest {
  std::string path;                               ///< decoded, without the query
  std::map<std::string, std::string> parameters;  ///< of the query, decoded; the first of each name
  std::string_view body;
  /// When the caller began to wait for us: the first byte, or the moment at which a connection was
  /// accepted that was opened for this request.
  Deadline::Clock::time_point arrived;
};

struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

/// Answers one request; called on many threads. What it throws becomes a 500 without its text.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

/// Is told what a handler or a job threw, which is a bug of ours.
using OnBug = std::function<void(const std::string& what)>;

/// A short answer for people.
[[nodiscard]] inline HttpReply plain_reply(int status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", std::string(text) + "\n"};
}

}  // namespace tegata::webhook::http
