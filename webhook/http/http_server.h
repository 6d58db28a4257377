// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "policy/model/limits.h"
#include "verifier/net/worker_pool.h"
#include "webhook/current.h"
#include "webhook/http/listener.h"
#include "webhook/http/reply_text.h"
#include "webhook/http/request_reader.h"
#include "webhook/http/router.h"
#include "webhook/http/tls_context.h"

namespace tegata::webhook::http {

/// Tells a thread that waits in poll() to stop: an eventfd that is readable once set.
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
  Answer answer;                          ///< such as Router::answer()
  /// Gets the text of an exception of `answer`, which is answered with 500. Called on any thread; must not
  /// throw.
  OnBug on_bug = [](const std::string&) {};
  std::size_t max_body = limits::kAdmissionBody;
  std::size_t max_connections = limits::kServerThreads;
  std::chrono::milliseconds keep_alive = limits::kKeepAlive;
  std::chrono::milliseconds handshake = limits::kHandshake;
  std::chrono::milliseconds request = limits::kRequestRead;
  std::chrono::milliseconds reply = limits::kReplyWrite;
};

/// HTTP/1.1 with one thread per connection, over TLS or plain. When `max_connections` are open, the next one
/// waits. Above three quarters of `max_connections`, replies carry `Connection: close`, so that waiting
/// clients are served without cutting off a request.
class HttpServer {
 public:
  /// Binds, listens and starts to serve. Misconfigured if the address is not available. Ignores SIGPIPE for
  /// the whole process.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(HttpServerSettings settings);
  /// As stop().
  ~HttpServer();

  [[nodiscard]] int port() const noexcept { return listener_.port(); }
  /// Connections that are open or waiting for their thread to end.
  [[nodiscard]] std::size_t connections() const { return pool_.busy(); }

  /// New connections use this certificate; open connections keep theirs. Only for a server with TLS.
  void replace_tls(std::shared_ptr<const TlsContext> tls) { tls_.replace(std::move(tls)); }

  /// Keeps accepting and serving, but every reply carries `Connection: close`.
  void begin_drain() noexcept { draining_ = true; }
  /// begin_drain(), then stops accepting, finishes all requests that have started, closes idle connections,
  /// and returns when all connections are closed. Every request that was read is answered.
  void stop();

 private:
  HttpServer(HttpServerSettings settings, Listener listener);
  void accept_all();
  void submit(int socket);
  void serve(int socket, Deadline::Clock::time_point accepted);
  /// Whether another request begins within the idle timeout.
  [[nodiscard]] bool await_request(Connection& connection, std::chrono::steady_clock::duration idle) const;
  enum class Next { Another, Close };
  [[nodiscard]] Next serve_one(Connection& connection, RequestReader& reader,
                               Deadline::Clock::time_point arrived);
  [[nodiscard]] AfterReply after_reply(const RequestHead& head) const;

  HttpServerSettings settings_;
  Current<TlsContext> tls_;
  Listener listener_;
  BodyBudget body_budget_{limits::kBodiesInFlight};
  std::atomic<bool> draining_ = false;
  WakeFlag stopping_;
  verifier::WorkerPool pool_;
  std::thread acceptor_;
};

}  // namespace tegata::webhook::http
