// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {
namespace {

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The target of a redirect from `at`, after `hops` earlier redirects.
Result<Url> next_hop(const Url& registry, const Url& at, int hops, const HttpResponse& response,
                     const Secret& sent) {
  const std::string from = at.origin();
  if (hops >= limits::kRedirects)
    return Error::unexpected(from + " redirects once more after " + std::to_string(limits::kRedirects) +
                             " redirects");
  const auto location = response.header("location");
  if (!location || location->empty()) return Error::unexpected(from + " redirects without a Location");
  const auto next = at.resolve(*location);
  if (!next.ok()) return Error::unexpected(from + " redirects to an invalid URL: " + next.error().message);
  if (next->scheme() != Scheme::Https && !next->same_origin(registry))
    return Error::unexpected(from + " redirects to " + quoted_header(next->origin(), sent) +
                             ", which is not https");
  return *next;
}

/// Whether this response is a failure of the registry; empty if it is not.
std::optional<Error> failure_of(const HttpResponse& response, RegistryGet::Api api, const std::string& who) {
  const int status = response.status;
  if (status == 200 || status == 404) return std::nullopt;
  const bool refusal = status == 403 || status == 429 || (status >= 500 && status != 501);
  if (api == RegistryGet::Api::Optional && status >= 400 && !refusal) return std::nullopt;
  return error_of_status(response, who);
}

}  // namespace

/// One get() in progress. Its steps run one at a time.
struct RegistryClient::Exchange {
  RegistryGet request;
  Terms terms;
  Done done;
  Deadline::Clock::time_point began;
  Url at;                  ///< URL of the next request
  Secret sent = Secret();  ///< Authorization of the last request
  int hops = 0;            ///< redirects followed
  bool challenged = false;
};

void RegistryClient::get(RegistryGet request, Terms terms, Done done) {
  const Repository repository = request.repository;
  const Url url = request.url;
  const bool elsewhere = request.host == RegistryGet::Host::Elsewhere;
  auto exchange = std::make_shared<Exchange>(
      Exchange{std::move(request), std::move(terms), std::move(done), Deadline::Clock::now(), url});
  if (elsewhere) return send(exchange, Secret());
  auth_.authorize(repository, exchange->terms.askers,
                  [this, exchange](Result<Secret> header) { send(exchange, std::move(header)); });
}

void RegistryClient::send(const std::shared_ptr<Exchange>& exchange, Result<Secret> authorization) {
  if (!authorization.ok()) return finish(exchange, std::move(authorization).error());
  exchange->sent = *std::move(authorization);
  sender_.send(
      [exchange] {
        const auto& request = exchange->request;
        return HttpRequest{
            exchange->at, {{"Accept", request.accept}}, exchange->sent.clone(), request.max_body};
      },
      exchange->terms, [this, exchange](HttpOutcome outcome) { arrived(exchange, std::move(outcome)); });
}

void RegistryClient::arrived(const std::shared_ptr<Exchange>& exchange, HttpOutcome outcome) {
  if (auto* failure = std::get_if<HttpFailure>(&outcome)) return finish(exchange, std::move(failure->error));
  auto& response = std::get<HttpResponse>(outcome);
  const bool own = exchange->hops == 0 && exchange->request.host == RegistryGet::Host::Registry;
  if (response.status == 401 && own && response.header("www-authenticate"))
    return challenged(exchange, response);
  if (is_redirect(response.status)) return redirected(exchange, response);
  finish(exchange, std::move(response));
}

void RegistryClient::challenged(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response) {
  if (exchange->challenged)
    return finish(exchange, Error{ErrorCode::Unauthorized,
                                  exchange->at.origin() + " answers 401 again after authentication for " +
                                      exchange->request.repository.path});
  exchange->challenged = true;
  auth_.answer_challenge(exchange->request.repository, response, exchange->sent, exchange->terms.askers,
                         [this, exchange](Result<Secret> header) { send(exchange, std::move(header)); });
}

void RegistryClient::redirected(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response) {
  auto next = next_hop(exchange->request.url, exchange->at, exchange->hops, response, exchange->sent);
  if (!next.ok()) return finish(exchange, std::move(next).error());
  // After a redirect to another origin, credentials are never sent again, not even back at the registry.
  if (!next->same_origin(exchange->request.url)) exchange->request.host = RegistryGet::Host::Elsewhere;
  exchange->at = *std::move(next);
  ++exchange->hops;
  const bool own = exchange->request.host == RegistryGet::Host::Registry;
  send(exchange, own ? exchange->sent.clone() : Secret());
}

void RegistryClient::finish(const std::shared_ptr<Exchange>& exchange, Result<HttpResponse> outcome) {
  // Malformed means content that does not match its digest; here only the response is invalid.
  if (!outcome.ok() && outcome.error().code == ErrorCode::Malformed)
    outcome = Error::unexpected(outcome.error().message);
  note_failure(*exchange, outcome);
  observe(*exchange, outcome);
  if (!outcome.ok()) return exchange->done(std::move(outcome).error());
  exchange->done(
      RegistryAnswer{*std::move(outcome), exchange->at, exchange->request.host, std::move(exchange->sent)});
}

void RegistryClient::note_failure(const Exchange& exchange, const Result<HttpResponse>& outcome) {
  if (exchange.terms.askers == nullptr) return;
  const auto failed =
      outcome.ok() ? failure_of(*outcome, exchange.request.api, exchange.at.origin()) : outcome.error();
  if (failed && may_be_softened(failed->code)) exchange.terms.askers->note_failure(*failed);
}

void RegistryClient::observe(const Exchange& exchange, const Result<HttpResponse>& outcome) const {
  if (!settings_.observe) return;
  const auto& request = exchange.request;
  settings_.observe({request.repository.registry,
                     outcome.ok() ? failure_of(*outcome, request.api, exchange.at.origin()) : outcome.error(),
                     Deadline::Clock::now() - exchange.began});
}

}  // namespace tegata::verifier
