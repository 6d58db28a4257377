// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/httplib_router.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <utility>

namespace tegata::webhook::http {
namespace {

/// The request that httplib processes on this thread, and its reply: httplib passes no context to its
/// handlers.
struct Call {
  const Frame* frame;
  std::optional<HttpReply> reply;
  std::exception_ptr thrown;
};
thread_local Call* current_call = nullptr;

/// A request to read from, in memory. What httplib writes is dropped.
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
  ssize_t write(const char*, size_t size) override { return static_cast<ssize_t>(size); }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }

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
};

HttpRequest request_of(const httplib::Request& from) {
  HttpRequest request{
      .path = from.path, .parameters = {}, .body = from.body, .arrived = current_call->frame->arrived};
  for (const auto& [name, value] : from.params) request.parameters.emplace(name, value);
  return request;
}

httplib::Server::Handler handler_of(const Route& route) {
  return [route](const httplib::Request& from, httplib::Response& response) {
    response.status = 200;
    const bool wrong_type =
        route.method == Method::PostJson && !is_json_type(current_call->frame->head.content_type);
    current_call->reply = wrong_type ? plain_reply(415, "Content-Type must be application/json")
                                     : route.handler(request_of(from));
  };
}

}  // namespace

class HttplibRouter::Adapter : public httplib::Server {
 public:
  explicit Adapter(std::vector<Route> routes) : routes_(std::move(routes)) {
    for (const auto& route : routes_) {
      if (route.method == Method::Get)
        Get(route.path, handler_of(route));
      else
        Post(route.path, handler_of(route));
    }
    set_exception_handler([](const httplib::Request&, httplib::Response&, const std::exception_ptr& thrown) {
      current_call->thrown = thrown;
    });
  }

  HttpReply answer(const Frame& frame) {
    MemoryStream stream(frame.head.method + " " + frame.head.target +
                            " HTTP/1.1\r\nContent-Length: " + std::to_string(frame.body.size()) + "\r\n\r\n",
                        frame.body);
    bool closed = false;
    Call call{&frame, std::nullopt, nullptr};
    current_call = &call;
    process_request(stream, false, closed, nullptr);
    current_call = nullptr;
    if (call.thrown) std::rethrow_exception(call.thrown);
    return call.reply ? *std::move(call.reply) : refused(frame);
  }

 private:
  /// The reply to what httplib itself refused. httplib has no 405.
  [[nodiscard]] HttpReply refused(const Frame& frame) const {
    const auto path = std::string_view(frame.head.target).substr(0, frame.head.target.find('?'));
    const bool known = std::ranges::any_of(routes_, [&](const Route& r) { return r.path == path; });
    return known ? plain_reply(405, "method not allowed") : plain_reply(404, "no such path");
  }

  std::vector<Route> routes_;
};

HttplibRouter::HttplibRouter(std::vector<Route> routes)
    : adapter_(std::make_shared<Adapter>(std::move(routes))) {}

HttpReply HttplibRouter::operator()(const Frame& frame) const { return adapter_->answer(frame); }

}  // namespace tegata::webhook::http
