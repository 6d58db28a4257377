// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/http_server.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "webhook/guard.h"
#include "webhook/http/connection.h"
#include "webhook/http/reply_text.h"
#include "webhook/http/request_reader.h"

namespace tegata::webhook::http {
namespace {

using Clock = Deadline::Clock;

/// If the first request arrives this soon after the handshake, the connection was opened for it, and its
/// caller has been waiting since the connection was accepted.
constexpr std::chrono::milliseconds kOpenedForIt{1000};

}  // namespace

WakeFlag::WakeFlag() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::runtime_error("no eventfd");
}
WakeFlag::~WakeFlag() { ::close(fd_); }
void WakeFlag::set() noexcept {
  const std::uint64_t one = 1;
  // Fails only if the counter is full, and then it is readable already.
  [[maybe_unused]] const auto n = ::write(fd_, &one, sizeof one);
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerSettings settings) {
  TEGATA_TRY(auto listener, Listener::open(settings.listen));
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(settings), std::move(listener)));
  server->acceptor_ = std::thread([raw = server.get()] { raw->accept_all(); });
  return server;
}

HttpServer::HttpServer(HttpServerSettings settings, Listener listener)
    : settings_(std::move(settings)),
      tls_(settings_.tls),
      listener_(std::move(listener)),
      pool_({.max_threads = settings_.max_connections, .max_waiting = limits::kWaitingConnections},
            [this](const char* bug) { settings_.on_bug(bug); }) {}

HttpServer::~HttpServer() { stop(); }

void HttpServer::submit(int socket) {
  const auto accepted = Clock::now();
  if (pool_.post([this, socket, accepted] { serve(socket, accepted); }) == verifier::WorkerPool::Posted::Full)
    ::close(socket);
}

void HttpServer::accept_all() {
  for (int socket = listener_.accept(stopping_.fd()); socket >= 0; socket = listener_.accept(stopping_.fd()))
    submit(socket);
  // Connections that the kernel has already completed are served too.
  for (int socket = listener_.accept_waiting(); socket >= 0; socket = listener_.accept_waiting())
    submit(socket);
}

void HttpServer::stop() {
  begin_drain();
  stopping_.set();
  if (acceptor_.joinable()) acceptor_.join();
  listener_.close();
  pool_.finish();
}

bool HttpServer::await_request(Connection& connection, Clock::duration idle) const {
  const auto idle_since = Clock::now();
  auto outcome = connection.wait_readable(Deadline::at(idle_since + idle), stopping_.fd());
  if (outcome == Connection::Outcome::Woken)
    outcome = connection.wait_readable(Deadline::at(idle_since + limits::kDrainIdle), -1);
  return outcome == Connection::Outcome::Ready;
}

void HttpServer::serve(int socket, Clock::time_point accepted) {
  const auto tls = tls_.get();
  Connection connection(socket, tls == nullptr ? nullptr : tls->get());
  if (connection.handshake(Deadline::after(settings_.handshake)) != Connection::Outcome::Ready) return;
  const auto shaken = Clock::now();
  RequestReader reader(connection, settings_.max_body);
  bool first = true;
  // A new connection must send its first request within the handshake timeout: an idle one must not hold a
  // thread for minutes.
  const auto idle = [&] {
    return first ? std::min(settings_.handshake, settings_.keep_alive) : settings_.keep_alive;
  };
  while (reader.has_bytes() || await_request(connection, idle())) {
    const auto now = Clock::now();
    const bool opened_for_it = std::exchange(first, false) && now - shaken < kOpenedForIt;
    if (serve_one(connection, reader, opened_for_it ? accepted : now) == Next::Close) break;
  }
  connection.close_gently(Deadline::after(limits::kLinger));
}

AfterReply HttpServer::after_reply(const RequestHead& head) const {
  const bool crowded = pool_.busy() * 4 > settings_.max_connections * 3;
  return head.closes || draining_ || crowded ? AfterReply::Close : AfterReply::KeepOpen;
}

HttpServer::Next HttpServer::serve_one(Connection& connection, RequestReader& reader,
                                       Clock::time_point arrived) {
  const auto read_by = Deadline::after(settings_.request);
  const auto refuse = [&](const Refusal& refusal) {
    // The connection is closed in either case.
    (void)connection.write_all(refusal_text(refusal), Deadline::after(settings_.reply));
    return Next::Close;
  };
  const auto head = reader.read_head(read_by);
  if (const auto* refusal = std::get_if<Refusal>(&head)) return refuse(*refusal);
  if (std::holds_alternative<Gone>(head)) return Next::Close;
  const auto& request = std::get<RequestHead>(head);

  BodyBudget::Share share(body_budget_);
  const auto body = reader.read_body(request, share, read_by);
  if (const auto* refusal = std::get_if<Refusal>(&body)) return refuse(*refusal);
  if (std::holds_alternative<Gone>(body)) return Next::Close;

  const auto answer = guard([&] { return settings_.answer({request, std::get<std::string_view>(body), arrived}); },
                            [this](const std::string& bug) {
                              settings_.on_bug(bug);
                              return plain_reply(500, "internal error");
                            });
  // Decided after the handler: if a shutdown has begun meanwhile, the reply must say so, or the client would
  // send its next request here.
  const auto after = after_reply(request);
  const auto reply =
      reply_text(answer, request.method == "HEAD" ? ReplyBody::Omitted : ReplyBody::Sent, after,
                 std::chrono::floor<std::chrono::seconds>(settings_.keep_alive));
  reader.next();
  if (connection.write_all(reply, Deadline::after(settings_.reply)) != Connection::Outcome::Ready)
    return Next::Close;
  return after == AfterReply::Close ? Next::Close : Next::Another;
}

}  // namespace tegata::webhook::http
