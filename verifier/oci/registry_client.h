// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "verifier/oci/registry_auth.h"
#include "verifier/oci/registry_host.h"

namespace tegata::verifier {

struct RegistryGet {
  Repository repository;
  Url url;
  std::string accept;
  std::size_t max_body = 0;
  /// Whether a registry may lack what is asked for: then 4xx and 501 say so, and are no failure of it.
  enum class Api { Required, Optional } api = Api::Required;
  /// Elsewhere: `url` came with an answer from another host, so it is asked without credentials.
  enum class Host { Registry, Elsewhere } host = Host::Registry;
};

struct RegistryAnswer {
  HttpResponse response;
  Url at;                                                ///< where it came from, after redirects
  RegistryGet::Host host = RegistryGet::Host::Registry;  ///< Elsewhere once a redirect left the registry
  Secret sent;                                           ///< the Authorization that went with it; empty: none
};

/// GETs from registries, with all that lies between a question and its answer: authentication, retries,
/// redirects. At most limits::kRedirects are followed, to the registry's own scheme, host and port or to any
/// https host; addresses are checked for each (address_check.h). Credentials go with a request only until it
/// first leaves the registry's own scheme, host and port, and a 401 is answered only from there before any
/// redirect. Thread-safe.
class RegistryClient {
 public:
  /// Any status but a redirect and a 401 that says how to authenticate; a 401 that does not say so is given.
  /// UnexpectedAnswer: it redirects to where no request goes. Never Malformed; LimitExceeded means the body.
  using Done = std::function<void(Result<RegistryAnswer>)>;

  /// All must outlive this; `transport` may be under construction.
  RegistryClient(const RegistrySettings& settings, HttpTransport& transport)
      : settings_(settings), sender_(transport, settings.retry), auth_(settings, sender_) {}

  /// `done` is called once, on a callback thread of the transport or on the caller's.
  void get(RegistryGet request, Deadline deadline, Done done);
  /// See RegistryAuth::forget().
  void forget_authentication() { auth_.forget(); }

 private:
  struct Exchange;
  void send(const std::shared_ptr<Exchange>& exchange, Result<Secret> authorization);
  void arrived(const std::shared_ptr<Exchange>& exchange, HttpOutcome outcome);
  void challenged(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response);
  void redirected(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response);
  void finish(const std::shared_ptr<Exchange>& exchange, Result<HttpResponse> outcome);
  void observe(const Exchange& exchange, const Result<HttpResponse>& outcome) const;

  const RegistrySettings& settings_;
  RetryingSender sender_;
  RegistryAuth auth_;
};

}  // namespace tegata::verifier
