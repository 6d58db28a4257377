// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "policy/model/deadline.h"
#include "verifier/net/http_transport.h"

namespace tegata::verifier {

/// How long to wait before a request is sent again: a random time below `first`, which doubles with
/// each attempt up to `longest` ("full jitter"), unless the server says how long.
struct RetryPolicy {
  int attempts = limits::kAttempts;
  std::chrono::milliseconds first{100};
  std::chrono::milliseconds longest{2000};
};

/// Retry-After of an answer (RFC 9110, 10.2.3): seconds, or a date, which is read against the
/// answer's own Date. None where there is none, or it says nothing.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const HttpResponse& response);

/// Sends a request again after 429, 5xx (but 501) and broken connections, as often as the policy says and
/// never past the deadline: where the wait would not leave time, the answer at hand is given at once.
/// For requests that may be repeated: GETs, and those POSTs that only ask.
class RetryingSender {
 public:
  /// A request cannot be copied (it may hold a secret): it is made anew for each attempt.
  using Make = std::function<HttpRequest()>;

  /// `transport` must outlive this, and may be under construction.
  RetryingSender(HttpTransport& transport, RetryPolicy policy) : transport_(transport), policy_(policy) {}

  /// `done` is called once, on a callback thread of the transport.
  void send(Make make, Deadline deadline, HttpTransport::Done done);

 private:
  struct Attempt;
  void start(std::shared_ptr<Attempt> attempt);
  void finish(const std::shared_ptr<Attempt>& attempt, HttpOutcome outcome);

  HttpTransport& transport_;
  const RetryPolicy policy_;
};

}  // namespace tegata::verifier
