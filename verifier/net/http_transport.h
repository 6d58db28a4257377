// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "policy/model/deadline.h"
#include "policy/model/limits.h"
#include "verifier/net/askers.h"
#include "verifier/net/http_message.h"

namespace tegata::verifier {

/// False if the environment names a proxy and libcurl is 7.87 or 7.88: these hand HTTP/2 requests to
/// connections whose tunnel does not exist yet, and lose them ("send: no filter connected"; mended in 8.0.0).
[[nodiscard]] bool http2_is_safe();

struct HttpSettings {
  /// PEM file with the CA certificates that servers are verified against. Operators may configure another
  /// one.
  std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
  /// `host:port` of each server that may be on loopback, as the operator configured it.
  std::set<std::string> loopback_hosts;
  /// Whether a request over plain http is sent without a proxy, which could read it.
  bool direct_plain_http = false;
  /// If not empty, this transport is the one for services that only this machine reaches, which hand out
  /// credentials: it sends requests to exactly these (`host:port`, the host an address that others refuse, or
  /// `localhost`), without a proxy.
  std::set<std::string> only_hosts = {};
  std::chrono::milliseconds connect_timeout = limits::kConnect;
  std::size_t connections_per_host = 16;
  /// Over TLS; else HTTP/1.1.
  bool http2 = http2_is_safe();
  std::size_t requests_at_once = limits::kRequestsAtOnce;
  std::size_t requests_of_a_user = limits::kRequestsOfAUser;
  std::size_t callback_threads = std::max(2U, std::thread::hardware_concurrency());
  /// Called with the message of an exception from a callback, on that callback's thread; must not throw.
  std::function<void(const char* what)> on_exception = {};
};

/// Sends all outgoing HTTP requests of the program. One thread multiplexes them (libcurl), and a few threads
/// run the callbacks. Connections are kept open and shared; over TLS, HTTP/2 is used if the server supports
/// it.
///
/// Requests wait in turn (request_turns.h) until their host takes one more: as many at once as there may be
/// connections, or limits::kRequestsToAHost over HTTP/2. Callbacks wait in turn for a thread.
///
/// Certificates are always verified, against `ca_file` only; TLS 1.2 or later. Proxies come from the
/// environment (HTTPS_PROXY, http_proxy, ALL_PROXY, NO_PROXY), as libcurl reads it. Addresses are checked
/// after name resolution and before connecting (address_check.h). Through a proxy, only an address in the URL
/// itself is checked.
class HttpTransport {
 public:
  using Done = std::function<void(HttpOutcome)>;

  explicit HttpTransport(HttpSettings settings);
  HttpTransport(const HttpTransport&) = delete;
  HttpTransport& operator=(const HttpTransport&) = delete;
  /// Pending requests are answered with CutShort, timers run at once, and the destructor returns after the
  /// last callback. Callbacks may use this object until then. Must not run on a callback thread.
  ~HttpTransport();

  /// Sends, and calls `done` once on one of the callback threads; by the deadline, or after
  /// limits::kHttpRequest. CutShort: it was not sent by then, because other requests had their turn.
  /// Thread-safe, never blocks, also from a callback. If `done` throws, only that callback ends, and
  /// HttpSettings::on_exception is called.
  void send(HttpRequest request, Terms terms, Done done);

  /// Runs `task` on a callback thread, at that time or shortly after. Thread-safe.
  void at(Deadline::Clock::time_point when, std::function<void()> task,
          std::shared_ptr<Askers> askers = nullptr);

  /// Runs `task` on a callback thread, in the turn of `askers`. Thread-safe.
  void post(const std::shared_ptr<Askers>& askers, std::function<void()> task);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tegata::verifier
