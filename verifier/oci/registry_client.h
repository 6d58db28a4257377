// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "verifier/oci/registry_auth.h"
#include "verifier/oci/registry_host.h"

namespace tegata::verifier {

/// Where an answer may send us on to, at most limits::kRedirects times.
enum class RedirectRule {
  SameOrigin,       ///< the same scheme, host and port: manifests, lists
  OtherHttpsHosts,  ///< any https host, too: blobs, which registries keep in object stores
};

struct RegistryGet {
  Repository repository;
  Url url;  ///< at the registry itself
  std::string accept;
  std::size_t max_body = 0;
  RedirectRule redirects = RedirectRule::SameOrigin;
};

/// GETs from registries, with all that stands between a question and its answer: authentication,
/// retries, redirects. Credentials go with a request only while it is still at the registry's own
/// scheme, host and port, and a 401 counts only from there before any redirect. Thread-safe.
class RegistryClient {
 public:
  /// Any status but a 401 that could be answered, and a redirect that may be followed.
  using Done = std::function<void(Result<HttpResponse>)>;

  /// All must outlive this; `transport` may be under construction.
  RegistryClient(const RegistrySettings& settings, HttpTransport& transport)
      : sender_(transport, settings.retry), auth_(settings, sender_) {}

  /// `done` is called once, on a callback thread of the transport or on the caller's.
  void get(RegistryGet request, Deadline deadline, Done done);

 private:
  struct Exchange;
  void send(const std::shared_ptr<Exchange>& exchange, Result<Secret> authorization);
  void arrived(const std::shared_ptr<Exchange>& exchange, HttpOutcome outcome);
  void challenged(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response);
  void redirected(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response);
  [[nodiscard]] Result<Url> next_hop(const Exchange& exchange, const HttpResponse& response) const;

  RetryingSender sender_;
  RegistryAuth auth_;
};

}  // namespace tegata::verifier
