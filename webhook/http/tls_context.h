// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "policy/model/deadline.h"
#include "policy/model/result.h"

struct ssl_ctx_st;

namespace tegata::webhook::http {

/// Paths of PEM files.
struct TlsFiles {
  std::string certificate;  ///< the certificate first, then intermediates
  std::string private_key;
  std::string client_ca;  ///< the CAs of client certificates; empty: clients are not asked for one
};

/// The serving certificate and its key, and the TLS settings: TLS 1.2 or newer, ALPN http/1.1 if the client
/// offers ALPN, no renegotiation, no session resumption (the API server uses none). A client without a valid
/// certificate is served all the same: who may ask for what is decided for each request. Immutable, shared by
/// all connections.
class TlsContext {
 public:
  /// `now` is the time at which the certificate must be valid. Each Error is Misconfigured and one sentence
  /// that names the file: unreadable, not PEM, an encrypted key, a certificate that has expired or is not yet
  /// valid, or one that does not match the key.
  [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files, Time now);

  [[nodiscard]] ssl_ctx_st* get() const noexcept { return context_.get(); }
  /// notAfter of the certificate.
  [[nodiscard]] Time not_after() const noexcept { return not_after_; }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  TlsContext() = default;
  std::unique_ptr<ssl_ctx_st, Free> context_;
  Time not_after_{};
};

}  // namespace tegata::webhook::http
