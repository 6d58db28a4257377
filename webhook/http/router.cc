// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/router.h"

#include <utility>

#include "webhook/http/request_target.h"

namespace tegata::webhook::http {
namespace {

bool takes(Method method, std::string_view name) {
  switch (method) {
    case Method::Get:
      return name == "GET" || name == "HEAD";
    case Method::PostJson:
      return name == "POST";
  }
  return false;
}

constexpr Refusal kForbidden{403, "a client certificate with an accepted name is required"};

HttpReply handle(const Route& route, const HttpRequest& request, const RequestHead& head) {
  if (route.callers == Callers::Authenticated && request.caller == kNotAuthenticated)
    return plain_reply(kForbidden.status, kForbidden.text);
  if (route.method == Method::PostJson && !is_json_type(head.content_type))
    return plain_reply(415, "Content-Type must be application/json");
  return route.handler(request);
}

}  // namespace

std::optional<Refusal> Router::refuse_early(const RequestHead& head, std::string_view caller) const {
  if (caller != kNotAuthenticated) return std::nullopt;
  const auto path = parse_request_target(head.target).path;
  for (const auto& route : routes_)
    if (route.callers == Callers::Authenticated && route.path == path) return kForbidden;
  return std::nullopt;
}

HttpReply Router::operator()(const Frame& frame) const {
  auto target = parse_request_target(frame.head.target);
  bool known = false;
  for (const auto& route : routes_) {
    if (route.path != target.path) continue;
    if (takes(route.method, frame.head.method))
      return handle(route,
                    {.path = std::move(target.path),
                     .parameters = std::move(target.parameters),
                     .body = frame.body,
                     .arrived = frame.arrived,
                     .caller = frame.caller,
                     .trace_id = frame.head.trace_id},
                    frame.head);
    known = true;
  }
  return known ? plain_reply(405, "method not allowed") : plain_reply(404, "no such path");
}

}  // namespace tegata::webhook::http
