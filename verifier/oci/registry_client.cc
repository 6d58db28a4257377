// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

/// One get() on its way. Only one step of it runs at a time.
struct RegistryClient::Exchange {
  RegistryGet request;
  Deadline deadline;
  Done done;
  Url at;        ///< where the next request goes
  Secret sent;   ///< what the last one carried
  int hops = 0;  ///< redirects followed
  bool challenged = false;
  bool left_origin = false;
};

void RegistryClient::get(RegistryGet request, Deadline deadline, Done done) {
  const Repository repository = request.repository;
  const Url url = request.url;
  auto exchange = std::make_shared<Exchange>(
      Exchange{std::move(request), deadline, std::move(done), url, Secret(), 0, false, false});
  auth_.authorize(repository, [this, exchange](Result<Secret> header) { send(exchange, std::move(header)); });
}

void RegistryClient::send(const std::shared_ptr<Exchange>& exchange, Result<Secret> authorization) {
  if (!authorization.ok()) return exchange->done(std::move(authorization).error());
  exchange->sent = *std::move(authorization);
  sender_.send(
      [exchange] {
        const auto& request = exchange->request;
        return HttpRequest{
            exchange->at, {{"Accept", request.accept}}, exchange->sent.clone(), request.max_body};
      },
      exchange->deadline, [this, exchange](HttpOutcome outcome) { arrived(exchange, std::move(outcome)); });
}

void RegistryClient::arrived(const std::shared_ptr<Exchange>& exchange, HttpOutcome outcome) {
  if (auto* failure = std::get_if<HttpFailure>(&outcome)) return exchange->done(std::move(failure->error));
  auto& response = std::get<HttpResponse>(outcome);
  if (response.status == 401 && exchange->hops == 0) return challenged(exchange, response);
  if (is_redirect(response.status)) return redirected(exchange, response);
  exchange->done(std::move(response));
}

void RegistryClient::challenged(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response) {
  if (exchange->challenged)
    return exchange->done(Error{ErrorCode::Unauthorized,
                                exchange->at.origin() + " refuses what it asked for itself (401 again) for " +
                                    exchange->request.repository.path});
  exchange->challenged = true;
  auth_.answer_challenge(exchange->request.repository, response, exchange->sent,
                         [this, exchange](Result<Secret> header) { send(exchange, std::move(header)); });
}

void RegistryClient::redirected(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response) {
  auto next = next_hop(*exchange, response);
  if (!next.ok()) return exchange->done(std::move(next).error());
  // Once away from the registry, a request that comes back to it is somebody else's wish.
  exchange->left_origin = exchange->left_origin || !next->same_origin(exchange->request.url);
  exchange->at = *std::move(next);
  ++exchange->hops;
  send(exchange, exchange->left_origin ? Secret() : exchange->sent.clone());
}

Result<Url> RegistryClient::next_hop(const Exchange& exchange, const HttpResponse& response) const {
  const std::string from = exchange.at.origin();
  if (exchange.hops >= limits::kRedirects)
    return Error{ErrorCode::Malformed,
                 from + " redirects once more after " + std::to_string(limits::kRedirects) + " redirects"};
  const auto location = response.header("location");
  if (!location || location->empty())
    return Error{ErrorCode::Malformed, from + " redirects without saying where to"};
  const auto next = exchange.at.resolve(*location);
  if (!next.ok()) return next.error().in(from + " redirects to what cannot be called");
  const bool own = next->same_origin(exchange.request.url);
  if (own) return *next;
  if (exchange.request.redirects == RedirectRule::SameOrigin)
    return Error{ErrorCode::Malformed, from + " redirects a manifest or list to " + next->origin() +
                                           ": only blobs may be elsewhere"};
  if (next->scheme() != Scheme::Https)
    return Error{ErrorCode::Malformed, from + " redirects to " + next->origin() + ", which is not https"};
  return *next;
}

}  // namespace tegata::verifier
