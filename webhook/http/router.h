// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "webhook/http/http_message.h"
#include "webhook/http/request_head.h"

namespace tegata::webhook::http {

enum class Method { Get, PostJson };

/// The handler of one path. Get includes HEAD; PostJson accepts application/json only.
struct Route {
  Method method;
  std::string path;  ///< letters, digits, `/` and `-`
  HttpHandler handler;
};

/// One request in memory, framed: exactly head.content_length bytes of body.
struct Frame {
  RequestHead head;
  std::string_view body;
  Deadline::Clock::time_point arrived;
};

enum class AfterReply { KeepOpen, Close };

/// Parses, routes and formats with cpp-httplib, entirely in memory. httplib sees only the checked request
/// line and length, and no other header field of the caller: its framing, decompression, multipart and range
/// code (and their CVEs in Debian 12) is never reached.
class Router {
 public:
  /// `keep_alive` is the idle timeout that replies announce; the owner of the connection enforces it.
  /// `on_bug` gets the text of an exception of a handler, which is answered with 500; it must not throw.
  Router(std::vector<Route> routes, std::chrono::seconds keep_alive, OnBug on_bug);
  ~Router();

  /// The reply's bytes. 404 for an unknown path, 405 for another method, 415 for another
  /// Content-Type. Thread-safe; never throws.
  [[nodiscard]] std::string answer(const Frame& frame, AfterReply after) const;

 private:
  class Adapter;
  OnBug on_bug_;
  std::unique_ptr<Adapter> adapter_;
};

/// The reply's bytes for a request that is refused before routing. The connection is closed after it.
[[nodiscard]] std::string refusal_reply(const Refusal& refusal);
/// The same reply with `Connection: close`.
[[nodiscard]] std::string with_connection_close(std::string reply);

}  // namespace tegata::webhook::http
