// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "policy/model/deadline.h"
#include "verifier/net/http_transport.h"
#include "verifier/net/own_load.h"

namespace tegata::verifier {

/// How long to wait before a request is sent again: a random time below `first`, which doubles with
/// each attempt up to `longest` ("full jitter"), unless the server says how long.
struct RetryPolicy {
  int attempts = limits::kAttempts;
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds longest{2000};
  std::chrono::milliseconds within{2000};  ///< no attempt begins later than this after the first
};

/// The Retry-After header of a response (RFC 9110, section 10.2.3): seconds, or a date, which is compared
/// with the response's own Date. Empty if the header is absent or invalid.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const HttpResponse& response);

/// Repeats a request after 429, 5xx (except 501) and broken connections, as often and as long as the policy
/// allows and never past the deadline: if the wait would exceed it, the last response is returned at once, so
/// that the answer of a failing server is known while somebody waits for it. Nothing is repeated while
/// Tegata's own load is heavy, and a failure that it may have brought about is OwnRate (OwnLoad). For
/// requests that may be repeated: GETs, and POSTs without side effects.
class RetryingSender {
 public:
  /// Requests cannot be copied (they may hold a secret), so a new one is made for each attempt.
  using Make = std::function<HttpRequest()>;

  /// `transport` must outlive this, and may be under construction.
  RetryingSender(HttpTransport& transport, RetryPolicy policy) : transport_(transport), policy_(policy) {}

  /// `done` is called once, on a callback thread of the transport.
  void send(Make make, Terms terms, HttpTransport::Done done);

 private:
  struct Attempt;
  void start(std::shared_ptr<Attempt> attempt);
  void finish(const std::shared_ptr<Attempt>& attempt, HttpOutcome outcome);

  HttpTransport& transport_;
  const RetryPolicy policy_;
  OwnLoad load_;
};

}  // namespace tegata::verifier
