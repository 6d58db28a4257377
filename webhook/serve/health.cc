// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/health.h"

#include <string>
#include <utility>

namespace tegata::webhook {
namespace {

using http::HttpReply;
using http::HttpRequest;

std::string_view name_of(Health::State state) {
  switch (state) {
    case Health::State::Starting:
      return "starting";
    case Health::State::Serving:
      return "serving";
    case Health::State::ShuttingDown:
      return "shutting down";
  }
  return "unknown";
}

/// The format of the Kubernetes components' own health endpoints.
std::string verbose(std::string_view probe, Health::State state) {
  const bool loaded = state != Health::State::Starting;
  const bool serving = state == Health::State::Serving;
  std::string text;
  for (const char* part : {"policy", "certificate"})
    text += std::string(loaded ? "[+]" : "[-]") + part + (loaded ? " ok\n" : " not loaded\n");
  text += std::string(serving ? "[+]" : "[-]") + "state " + std::string(name_of(state)) + "\n";
  return text + std::string(probe) + (serving ? " check passed" : " check failed");
}

HttpReply ready(const Health& health, const HttpRequest& request) {
  const auto state = health.state();
  const int status = state == Health::State::Serving ? 200 : 503;
  if (request.parameters.contains("verbose")) return http::plain_reply(status, verbose("readyz", state));
  return http::plain_reply(status, status == 200 ? "ok" : name_of(state));
}

}  // namespace

std::vector<http::Route> probe_routes(std::shared_ptr<const Health> health,
                                      std::shared_ptr<const Metrics> metrics) {
  const auto readyz = [health](const HttpRequest& request) { return ready(*health, request); };
  return {{http::Method::Get, "/livez", [](const HttpRequest&) { return http::plain_reply(200, "ok"); }},
          {http::Method::Get, "/readyz", readyz},
          {http::Method::Get, "/healthz", readyz},
          {http::Method::Get, "/metrics", [metrics](const HttpRequest&) {
             return HttpReply{200, "text/plain; version=0.0.4; charset=utf-8", metrics->text()};
           }}};
}

}  // namespace tegata::webhook
