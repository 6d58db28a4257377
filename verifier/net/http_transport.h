// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "policy/model/deadline.h"
#include "verifier/net/http_message.h"
#include "verifier/net/http_settings.h"

namespace tegata::verifier {

/// Every outgoing HTTP request of the program: one thread that multiplexes them all (libcurl), and a
/// few that run the callbacks. Connections are kept and shared; over TLS, HTTP/2 where it is spoken.
///
/// Certificates are always checked, against `ca_file` alone; TLS 1.2 or later. Proxies come from the
/// environment (HTTPS_PROXY, http_proxy, ALL_PROXY, NO_PROXY), as libcurl reads it. Addresses are
/// checked after DNS and before the connection (address_check.h); through a proxy only those that
/// the URL itself spells out.
class HttpTransport {
 public:
  using Done = std::function<void(HttpOutcome)>;

  explicit HttpTransport(HttpSettings settings);
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;
  /// Requests on their way are answered with Unavailable, timers run at once, and all callbacks have
  /// returned when this does. Not on a thread that runs callbacks. Callbacks may use this until then.
  ~HttpTransport();

  /// Sends, and calls `done` once on one of the callback threads; by the deadline, or after
  /// limits::kHttpRequest. Thread-safe, never blocks, also from a callback. What `done` throws ends nothing
  /// but that callback, and is told to HttpSettings::on_exception.
  void send(HttpRequest request, Deadline deadline, Done done);

  /// Runs `task` on a callback thread, at that time or a little later. Thread-safe.
  void at(Deadline::Clock::time_point when, std::function<void()> task);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tegata::verifier
