// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>

#include "webhook/current.h"
#include "webhook/http/connection_table.h"
#include "webhook/http/http_server_settings.h"
#include "webhook/http/listener.h"
#include "webhook/http/poller.h"
#include "webhook/http/thread_crew.h"

namespace tegata::webhook::http {

/// HTTP/1.1 over TLS or plain. A connection that waits holds no thread. A few threads wait for all of them;
/// the one that reads the last byte of a request handles it and sends the reply. At `max_connections`,
/// ConnectionTable::make_room() ends one for each new one.
class HttpServer {
 public:
  /// Binds, listens and starts to serve. Misconfigured if the address is not available. Ignores SIGPIPE for
  /// the whole process.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(HttpServerSettings settings);
  /// As stop().
  ~HttpServer();

  [[nodiscard]] int port() const noexcept { return listener_.port(); }
  [[nodiscard]] std::size_t connections() const { return table_.size(); }

  /// New connections use this certificate; open connections keep theirs. Only for a server with TLS.
  void replace_tls(std::shared_ptr<const TlsContext> tls) { tls_.replace(std::move(tls)); }

  /// Keeps accepting and serving, but every reply carries `Connection: close`.
  void begin_drain() noexcept { draining_ = true; }
  /// begin_drain(), then stops accepting, finishes all requests that have started, closes idle connections,
  /// and returns when all connections are closed. Every request that was read is answered.
  void stop();

 private:
  using Clock = Connection::Clock;
  using Locked = ConnectionTable::Locked;

  HttpServer(HttpServerSettings settings, Listener listener);

  // What the threads of the crew do.
  [[nodiscard]] bool turn();
  void accept_waiting();
  [[nodiscard]] bool accept_one();
  void serve(ConnectionTable::Place& place);
  void go_on(Locked locked, Connection::Next next);
  void await(Locked locked, Poller::Interest interest);
  [[nodiscard]] Connection::Next handle(Locked& locked);
  void park(ConnectionTable::Place& place);
  [[nodiscard]] ConnectionTable::Place* take_parked();
  void handle_parked();
  [[nodiscard]] HttpReply answer(const Frame& frame) const;
  /// Reports an internal error, or that there was no memory.
  void report(const std::string& bug) const noexcept;
  [[nodiscard]] AfterReply after_reply(const Connection& connection) const;

  // What the timer's thread does.
  void keep_time();
  [[nodiscard]] std::chrono::milliseconds pause() const;
  void end_late_connections();
  void wake_timer() noexcept;

  const HttpServerSettings settings_;
  const std::chrono::milliseconds look_interval_;  ///< between two looks at all deadlines
  Current<TlsContext> tls_;
  BodyBudget budget_;
  Listener listener_;
  Poller poller_;
  ConnectionTable table_;
  std::atomic<bool> draining_ = false;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> accept_paused_ = false;
  std::mutex accept_mutex_;

  std::mutex parked_mutex_;
  // Places with a complete request, for which there is no thread. A list in the places needs no memory.
  ConnectionTable::Place* first_parked_ = nullptr;
  ConnectionTable::Place* last_parked_ = nullptr;
  std::atomic<std::size_t> parked_count_ = 0;

  std::mutex timer_mutex_;
  std::condition_variable timer_wakes_;
  std::atomic<bool> hurry_ = false;
  bool timer_ends_ = false;

  ThreadCrew crew_;
  std::thread timer_;
};

}  // namespace tegata::webhook::http
