// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <string>

namespace tegata::verifier {
namespace {

std::chrono::milliseconds jitter(std::chrono::milliseconds below) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(0, std::max<std::int64_t>(below.count(), 1))(random));
}

/// Whether to try again, and the pause that the server requested.
struct Pause {
  bool again = false;
  std::optional<std::chrono::seconds> requested;
};
Pause pause_after(const HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<HttpFailure>(&outcome))
    return {failure->again == Again::MayHelp, std::nullopt};
  const auto& response = std::get<HttpResponse>(outcome);
  const bool passes = response.status == 429 || (response.status >= 500 && response.status != 501);
  if (!passes) return {};  // 501: the server does not support the request
  return {true, retry_after(response)};
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response) {
  const auto value = response.header("retry-after");
  if (!value) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(value->data(), value->data() + value->size(), seconds);
  if (failed == std::errc::result_out_of_range) return std::chrono::hours(24);
  if (failed == std::errc() && end == value->data() + value->size()) {
    if (seconds < 0) return std::nullopt;
    return std::min<std::chrono::seconds>(std::chrono::seconds(seconds), std::chrono::hours(24));
  }
  const auto date = response.header("date");
  if (!date) return std::nullopt;
  const auto until = curl_getdate(std::string(*value).c_str(), nullptr);
  const auto now = curl_getdate(std::string(*date).c_str(), nullptr);
  if (until < 0 || now < 0) return std::nullopt;
  return std::clamp<std::chrono::seconds>(std::chrono::seconds(until - now), std::chrono::seconds(0),
                                          std::chrono::hours(24));
}

struct RetryingSender::Attempt {
  Make make;
  Terms terms;
  HttpTransport::Done done;
  int count = 1;
  std::chrono::milliseconds bound;  ///< upper bound of the next random pause
  Deadline last_start;              ///< no retry begins after it
  OwnLoad::Asked asked = {};        ///< counted once, however often it is repeated
};

void RetryingSender::send(Make make, Terms terms, HttpTransport::Done done) {
  start(std::make_shared<Attempt>(Attempt{std::move(make), std::move(terms), std::move(done), 1,
                                          policy_.first, Deadline::after(policy_.within)}));
}

void RetryingSender::start(std::shared_ptr<Attempt> attempt) {
  auto request = attempt->make();
  if (attempt->asked.host == nullptr) attempt->asked = load_.ask(request.url.host_and_port());
  transport_.send(std::move(request), attempt->terms,
                  [this, attempt](HttpOutcome outcome) { finish(attempt, std::move(outcome)); });
}

void RetryingSender::finish(const std::shared_ptr<Attempt>& attempt, HttpOutcome outcome) {
  const Pause pause = pause_after(outcome);
  const auto wait = pause.requested ? std::chrono::milliseconds(*pause.requested) : jitter(attempt->bound);
  const bool in_time = wait < attempt->terms.deadline.earlier_of(attempt->last_start).left();
  if (!pause.again || attempt->count >= policy_.attempts || !in_time || load_.heavy(attempt->asked)) {
    load_.end(attempt->asked, outcome);
    return attempt->done(load_.judged(attempt->asked, std::move(outcome)));
  }
  ++attempt->count;
  attempt->bound = std::min(attempt->bound * 2, policy_.longest);
  transport_.at(
      Deadline::Clock::now() + wait, [this, attempt] { start(attempt); }, attempt->terms.askers);
}

}  // namespace tegata::verifier
