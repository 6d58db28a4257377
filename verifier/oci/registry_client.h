// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "verifier/oci/content_source.h"
#include "verifier/oci/registry_auth.h"
#include "verifier/oci/registry_http.h"

namespace tegata::verifier {

struct RegistryGet {
  Repository repository;
  Url url;
  std::string accept;
  std::size_t max_body = 0;
  /// Optional: the registry need not support this API; 4xx and 501 mean that it does not, and are not counted
  /// as failures.
  enum class Api { Required, Optional } api = Api::Required;
  /// Elsewhere: `url` is from a response of another host, so no credentials are sent.
  enum class Host { Registry, Elsewhere } host = Host::Registry;
};

struct RegistryAnswer {
  HttpResponse response;
  Url at;                                                ///< the URL of the response, after redirects
  RegistryGet::Host host = RegistryGet::Host::Registry;  ///< Elsewhere if a redirect left the registry
  Secret sent;  ///< the Authorization of the last request; empty: none
};

/// Sends GET requests to registries, including authentication, retries and redirects. At most
/// limits::kRedirects redirects are followed, to the origin (scheme, host and port) of the registry or to any
/// https host; the address of each is checked (address_check.h). Credentials are sent only until a redirect
/// leaves the origin of the registry, and a 401 is answered only if the registry sent it before any redirect.
/// Thread-safe.
class RegistryClient {
 public:
  /// A response with any status, except redirects and 401 with WWW-Authenticate. UnexpectedAnswer: a redirect
  /// that is not followed. OwnRate: see OwnLoad. Never Malformed; LimitExceeded: the body is too large.
  using Done = std::function<void(Result<RegistryAnswer>)>;

  /// All must outlive this; `transport` may be under construction.
  RegistryClient(const RegistrySettings& settings, HttpTransport& transport)
      : settings_(settings), sender_(transport, settings.retry), auth_(settings, sender_) {}

  /// `done` is called once, on a callback thread of the transport or on the caller's.
  void get(RegistryGet request, Terms terms, Done done);
  /// See RegistryAuth::forget().
  void forget_authentication() { auth_.forget(); }
  /// See RegistryAuth::close().
  void close() { auth_.close(); }

 private:
  struct Exchange;
  void send(const std::shared_ptr<Exchange>& exchange, Result<Secret> authorization);
  void arrived(const std::shared_ptr<Exchange>& exchange, HttpOutcome outcome);
  void challenged(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response);
  void redirected(const std::shared_ptr<Exchange>& exchange, const HttpResponse& response);
  void finish(const std::shared_ptr<Exchange>& exchange, Result<HttpResponse> outcome);
  static void note_failure(const Exchange& exchange, const Result<HttpResponse>& outcome);
  void observe(const Exchange& exchange, const Result<HttpResponse>& outcome) const;

  const RegistrySettings& settings_;
  RetryingSender sender_;
  RegistryAuth auth_;
};

/// Fetches every referrer of a digest: all pages of the referrers API, and in parallel the fallback tag
/// `sha256-<hex>`, which old clients write even if there is an API. The result is one list with each digest
/// once.
///
/// The API counts as absent if the registry's first answer is 400, 404, 405, 406, 501 or not an index, or a
/// 401 without WWW-Authenticate although the same Authorization reads the manifest of the subject; after a
/// redirect to another host, only if it is 404. The tag counts as absent if it is 404 or names an image
/// manifest. UnexpectedAnswer: a list that cannot be parsed. Any other failure of either is a failure of the
/// whole, since a list that may be incomplete proves nothing. A list that exceeds limits::kReferrers,
/// kReferrersPages or the size limit of an index is cut and `truncated`: that is a finding, not a failure.
/// All pages must have the origin of the first one.
///
/// `page_bytes`: of one page, and of the tag's index. If it is below limits::kManifest, a larger one is
/// LimitExceeded and not a cut list. `client` must outlive the call of `done`.
void fetch_referrers(RegistryClient& client, const RegistrySettings& settings, const Repository& repository,
                     const Digest& subject, std::size_t page_bytes, Terms terms,
                     std::function<void(Result<Referrers>)> done);

}  // namespace tegata::verifier
