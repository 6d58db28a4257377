// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "webhook/http/http_message.h"
#include "webhook/http/request_head.h"

namespace tegata::webhook::http {

enum class Method { Get, PostJson };
enum class Callers { All, Authenticated };

/// The handler of one path. Get includes HEAD; PostJson accepts application/json only.
struct Route {
  Method method;
  std::string path;  ///< letters, digits, `/` and `-`
  HttpHandler handler;
  Callers callers = Callers::All;
};

/// One request in memory, framed: exactly head.content_length bytes of body. Points into its connection.
struct Frame {
  const RequestHead& head;
  std::string_view body;
  Deadline::Clock::time_point arrived;
  std::string_view caller = kNotAuthenticated;
};

/// Answers one framed request; called on many threads.
using Answer = std::function<HttpReply(const Frame&)>;

/// What is refused before its body is read, so that it takes no memory from others; none: it is read.
using RefuseEarly = std::function<std::optional<Refusal>(const RequestHead&, std::string_view caller)>;

/// Finds the handler of a request. Thread-safe.
class Router {
 public:
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

  /// 403 if the path is only for authenticated callers; none for every other request.
  [[nodiscard]] std::optional<Refusal> refuse_early(const RequestHead& head, std::string_view caller) const;
  /// 404 for an unknown path, 405 for another method, 403 if the path is only for authenticated callers, 415
  /// for another Content-Type. Throws what a handler throws.
  [[nodiscard]] HttpReply operator()(const Frame& frame) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace tegata::webhook::http
