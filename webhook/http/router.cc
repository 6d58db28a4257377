// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/router.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "webhook/guard.h"

namespace tegata::webhook::http {
namespace {

/// The request that httplib processes on this thread: httplib passes no context to its handlers.
thread_local const Frame* current_frame = nullptr;

/// A request to read from and a reply to write to, both in memory.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string head, std::string_view body) : head_(std::move(head)), body_(body) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* into, size_t size) override {
    auto n = take(head_, head_read_, into, size);
    if (n == 0) n = take(body_, body_read_, into, size);
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* bytes, size_t size) override {
    reply_.append(bytes, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }

  [[nodiscard]] std::string take_reply() { return std::move(reply_); }

 private:
  static std::size_t take(std::string_view from, std::size_t& done, char* into, std::size_t size) {
    const auto n = std::min(size, from.size() - done);
    std::memcpy(into, from.data() + done, n);
    done += n;
    return n;
  }
  std::string head_;
  std::string_view body_;
  std::size_t head_read_ = 0;
  std::size_t body_read_ = 0;
  std::string reply_;
};

void fill(httplib::Response& response, const HttpReply& reply) {
  response.status = reply.status;
  response.set_content(reply.body, reply.content_type);
}

HttpRequest request_of(const httplib::Request& from) {
  HttpRequest request{
      .path = from.path, .parameters = {}, .body = from.body, .arrived = current_frame->arrived};
  for (const auto& [name, value] : from.params) request.parameters.emplace(name, value);
  return request;
}

httplib::Server::Handler handler_of(const Route& route) {
  return [route](const httplib::Request& from, httplib::Response& response) {
    if (route.method == Method::PostJson && !is_json_type(current_frame->head.content_type))
      return fill(response, plain_reply(415, "Content-Type must be application/json"));
    fill(response, route.handler(request_of(from)));
  };
}

std::string_view name_of_status(int status) {
  switch (status) {
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Bad Request";
  }
}

}  // namespace

class Router::Adapter : public httplib::Server {
 public:
  Adapter(std::vector<Route> routes, std::chrono::seconds keep_alive, OnBug on_bug)
      : routes_(std::move(routes)) {
    for (const auto& route : routes_) {
      if (route.method == Method::Get)
        Get(route.path, handler_of(route));
      else
        Post(route.path, handler_of(route));
    }
    set_keep_alive_timeout(keep_alive.count());
    set_keep_alive_max_count(1'000'000);
    set_error_handler(Handler([this](const httplib::Request& request, httplib::Response& response) {
      if (response.body.empty()) fill(response, refused(request, response.status));
    }));
    set_exception_handler([on_bug = std::move(on_bug)](const httplib::Request&, httplib::Response& response,
                                                       const std::exception_ptr& thrown) {
      guard([&] { std::rethrow_exception(thrown); }, on_bug);
      fill(response, plain_reply(500, "internal error"));
    });
  }

  std::string answer(const Frame& frame, AfterReply after) {
    MemoryStream stream(frame.head.method + " " + frame.head.target +
                            " HTTP/1.1\r\nContent-Length: " + std::to_string(frame.body.size()) + "\r\n\r\n",
                        frame.body);
    bool closed = false;
    current_frame = &frame;
    process_request(stream, after == AfterReply::Close, closed, nullptr);
    current_frame = nullptr;
    return stream.take_reply();
  }

 private:
  /// The reply to what httplib itself refused. httplib has no 405.
  [[nodiscard]] HttpReply refused(const httplib::Request& request, int status) const {
    const bool known = std::ranges::any_of(routes_, [&](const Route& r) { return r.path == request.path; });
    if (status == 404 && known) return plain_reply(405, "method not allowed");
    if (status == 404) return plain_reply(404, "no such path");
    return plain_reply(status, status >= 500 ? "internal error" : "bad request");
  }

  std::vector<Route> routes_;
};

Router::Router(std::vector<Route> routes, std::chrono::seconds keep_alive, OnBug on_bug)
    : on_bug_(on_bug),
      adapter_(std::make_unique<Adapter>(std::move(routes), keep_alive, std::move(on_bug))) {}
Router::~Router() = default;

std::string Router::answer(const Frame& frame, AfterReply after) const {
  const auto reply = guard([&] { return adapter_->answer(frame, after); },
                           [this](const std::string& bug) {
                             current_frame = nullptr;
                             on_bug_(bug);
                             return std::string();
                           });
  if (!reply.empty()) return reply;
  return "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

std::string refusal_reply(const Refusal& refusal) {
  std::string reply = "HTTP/1.1 " + std::to_string(refusal.status) + " ";
  reply.append(name_of_status(refusal.status));
  reply += "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n";
  if (refusal.status == 503) reply += "Retry-After: 1\r\n";
  reply += "Content-Length: " + std::to_string(refusal.text.size() + 1) + "\r\n\r\n";
  reply.append(refusal.text);
  return reply + "\n";
}

std::string with_connection_close(std::string reply) {
  const auto line_end = reply.find("\r\n");
  if (line_end == reply.npos) return reply;
  const auto head_end = reply.find("\r\n\r\n");
  if (reply.find("\r\nConnection: close\r\n") < head_end + 2) return reply;
  return reply.insert(line_end + 2, "Connection: close\r\n");
}

}  // namespace tegata::webhook::http
