// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "policy/model/limits.h"
#include "webhook/current.h"
#include "webhook/http/body_budget.h"
#include "webhook/http/listener.h"
#include "webhook/http/router.h"
#include "webhook/http/tls_context.h"
#include "webhook/http/worker_pool.h"

namespace tegata::webhook::http {

class Connection;
class RequestReader;

/// Whether something waiting on it shall stop: an eventfd, readable once set.
class WakeFlag {
 public:
  WakeFlag();
  ~WakeFlag();
  WakeFlag(const WakeFlag&) = delete;
  WakeFlag& operator=(const WakeFlag&) = delete;
  void set() noexcept;
  [[nodiscard]] int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

struct HttpServerSettings {
  std::string listen;                     ///< HOST:PORT
  std::shared_ptr<const TlsContext> tls;  ///< none: plain HTTP
  std::vector<Route> routes;
  OnBug on_bug = [](const std::string&) {};  ///< told what a handler threw; any thread; must not throw
  std::size_t max_body = limits::kAdmissionBody;
  std::size_t max_connections = limits::kServerThreads;
  std::chrono::milliseconds keep_alive = limits::kKeepAlive;
  std::chrono::milliseconds handshake = limits::kHandshake;
  std::chrono::milliseconds request = limits::kRequestRead;
  std::chrono::milliseconds reply = limits::kReplyWrite;
};

/// HTTP/1.1, a thread for each connection, over TLS or plain. The next connection waits where
/// `max_connections` are served; above three quarters of them replies carry `Connection: close`, so
/// that those who wait get their turn without anybody's request being cut off.
class HttpServer {
 public:
  /// Binds, listens and serves from then on. Misconfigured where the address cannot be had. Ignores
  /// SIGPIPE for the whole process.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(HttpServerSettings settings);
  /// As stop().
  ~HttpServer();

  [[nodiscard]] int port() const noexcept { return listener_.port(); }
  /// Connections that are open or waiting for their thread to end.
  [[nodiscard]] std::size_t connections() const { return pool_.busy(); }

  /// Connections that are accepted from now on speak with this certificate; those that are open keep
  /// theirs. Only for a server that speaks TLS.
  void replace_tls(std::shared_ptr<const TlsContext> tls) { tls_.replace(std::move(tls)); }

  /// Goes on serving and accepting, but every reply now carries `Connection: close`.
  void begin_drain() noexcept { draining_ = true; }
  /// begin_drain(), then stops accepting, lets every request end that has begun, closes idle
  /// connections, and returns when all are closed. No request that was read is left unanswered.
  void stop();

 private:
  HttpServer(HttpServerSettings settings, Listener listener);
  void accept_all();
  void submit(int socket);
  void serve(int socket, Deadline::Clock::time_point accepted);
  /// Whether a next request begins on it before it has been idle too long.
  [[nodiscard]] bool await_request(Connection& connection, std::chrono::steady_clock::duration idle) const;
  enum class Next { Another, Close };
  [[nodiscard]] Next serve_one(Connection& connection, RequestReader& reader,
                               Deadline::Clock::time_point arrived);
  [[nodiscard]] AfterReply after_reply(const RequestHead& head) const;

  HttpServerSettings settings_;
  Current<TlsContext> tls_;
  Router router_;
  Listener listener_;
  BodyBudget body_budget_{limits::kBodiesInFlight};
  std::atomic<bool> draining_ = false;
  WakeFlag stopping_;
  WorkerPool pool_;
  std::thread acceptor_;
};

}  // namespace tegata::webhook::http
