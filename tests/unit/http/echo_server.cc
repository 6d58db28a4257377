// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/http/echo_server.h"

#include <stdexcept>
#include <utility>

#include "tests/unit/http/test_certificate.h"

namespace tegata::webhook::http::testing {
namespace {

Time present() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

std::shared_ptr<const TlsContext> test_tls() {
  static const auto context = [] {
    const TemporaryFolder folder;
    const auto pair = make_certificate(90);
    return *TlsContext::load(
        {folder.write("tls.crt", pair.certificate), folder.write("tls.key", pair.key), {}}, present());
  }();
  return context;
}

std::vector<Route> echo_routes() {
  return {
      {Method::PostJson, "/validate",
       [](const HttpRequest& r) {
         return HttpReply{200, "application/json", std::string(r.body)};
       }},
      {Method::PostJson, "/throws",
       [](const HttpRequest&) -> HttpReply { throw std::runtime_error("secret text"); }},
      {Method::Get, "/readyz", [](const HttpRequest&) { return plain_reply(200, "ok"); }},
  };
}

HttpServerSettings echo_settings() {
  HttpServerSettings settings;
  settings.listen = "127.0.0.1:0";
  settings.tls = test_tls();
  settings.answer = Router(echo_routes());
  return settings;
}

std::unique_ptr<HttpServer> serve(HttpServerSettings settings) {
  auto server = HttpServer::start(std::move(settings));
  if (!server.ok()) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

HttpServerSettings gated(Gate& gate) {
  auto settings = echo_settings();
  auto routes = echo_routes();
  routes.push_back({Method::PostJson, "/gated", [&gate](const HttpRequest&) {
                      gate.entered.count_down();
                      gate.open.wait();
                      return HttpReply{};
                    }});
  settings.answer = Router(std::move(routes));
  return settings;
}

}  // namespace tegata::webhook::http::testing
