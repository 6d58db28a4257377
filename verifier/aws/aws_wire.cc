// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/aws_wire.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>
#include <vector>

#include "verifier/net/retry.h"

namespace tegata::verifier {
namespace {

AwsRefusal refusal_of_failure(const std::string& what, const HttpFailure& failure) {
  const bool helps = failure.again == Again::MayHelp || failure.error.code == ErrorCode::DeadlineExceeded;
  auto error = failure.error.in(what);
  if (error.code == ErrorCode::Malformed) error.code = ErrorCode::UnexpectedAnswer;  // its headers
  return {std::move(error), {}, helps ? AwsRetry::Transient : AwsRetry::No, false};
}

AwsRefusal refusal_of_response(const AwsOrder& order, const HttpResponse& response) {
  std::vector<std::string_view> secrets;
  if (order.keys) {
    secrets.push_back(order.keys->secret_access_key.reveal());
    secrets.push_back(order.keys->session_token.reveal());
  }
  if (order.sent) secrets.push_back(order.sent->reveal());
  auto said = read_service_error(response);
  auto error = error_of_answer(order.what, response, said, secrets);
  // A code that repeats a secret is no code.
  if (error.message.find(said.code) == std::string::npos) said.code.clear();
  const auto retry = retry_of(response.status, said.code);
  return {std::move(error), std::move(said.code), retry, true};
}

std::optional<std::chrono::milliseconds> asked_pause(const HttpResponse& response) {
  if (const auto text = response.header("x-amz-retry-after")) {
    std::int64_t milliseconds = -1;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), milliseconds);
    if (failed == std::errc() && end == text->data() + text->size() && milliseconds >= 0)
      return std::chrono::milliseconds(std::min<std::int64_t>(milliseconds, 24LL * 3600 * 1000));
  }
  return retry_after(response);
}

int cost_of(const AwsRefusal& refusal) {
  return refusal.error.code == ErrorCode::DeadlineExceeded ? RetryQuota::kTimedOut : RetryQuota::kRetry;
}

}  // namespace

struct AwsWire::Attempt {
  AwsOrder order;
  Terms terms;
  Done done;
  int count = 1;
  int cost = RetryQuota::kSuccess;  ///< given back after a success
  OwnLoad::Asked asked = {};        ///< counted once, however often it is repeated
};

AwsWire::AwsWire(Settings settings)
    : settings_(std::move(settings)), services_(std::make_unique<HttpTransport>(settings_.services)) {
  if (settings_.this_machine.empty()) return;
  HttpSettings own;
  own.ca_file = settings_.services.ca_file;
  own.only_hosts = settings_.this_machine;
  own.connect_timeout = limits::kAwsMetadataService;
  own.callback_threads = 1;
  own.on_exception = settings_.services.on_exception;
  this_machine_ = std::make_unique<HttpTransport>(std::move(own));
}

void AwsWire::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  // Their callbacks send nothing any more.
  this_machine_.reset();
  services_.reset();
}

void AwsWire::send(AwsOrder order, Terms terms, Done done) {
  start(std::make_shared<Attempt>(Attempt{std::move(order), std::move(terms), std::move(done)}));
}

void AwsWire::at(Deadline::Clock::time_point when, std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) return services_->at(when, std::move(task));
  }
  task();
}

HttpTransport* AwsWire::transport_of(AwsOrder::Reach reach) {
  if (closing_) return nullptr;
  switch (reach) {
    case AwsOrder::Reach::Services:
      return services_.get();
    case AwsOrder::Reach::ThisMachine:
      return this_machine_.get();
  }
  std::abort();
}

void AwsWire::start(const std::shared_ptr<Attempt>& attempt) {
  auto terms = attempt->terms;
  if (const auto time = attempt->order.attempt_time)
    terms.deadline = terms.deadline.earlier_of(Deadline::after(*time));
  {
    auto request = attempt->order.make();
    if (attempt->asked.host == nullptr) attempt->asked = load_.ask(request.url.host_and_port());
    const std::lock_guard lock(mutex_);
    if (auto* transport = transport_of(attempt->order.reach))
      return transport->send(std::move(request), std::move(terms),
                             [this, attempt](HttpOutcome outcome) { finish(attempt, std::move(outcome)); });
  }
  attempt->done(AwsRefusal{not_sent().in(attempt->order.what)});
}

Error AwsWire::not_sent() {
  const std::lock_guard lock(mutex_);
  if (closing_) return {ErrorCode::CutShort, "this process is shutting down"};
  return {ErrorCode::Misconfigured, "credentials are found elsewhere than at the start: restart tegata"};
}

void AwsWire::finish(const std::shared_ptr<Attempt>& attempt, HttpOutcome outcome) {
  if (auto* response = std::get_if<HttpResponse>(&outcome); response != nullptr && response->status == 200) {
    load_.end(attempt->asked, outcome);
    quota_.give(attempt->cost);
    return attempt->done(std::move(response->body));
  }
  AwsRefusal refusal{{ErrorCode::Internal, attempt->order.what + ": the answer could not be read"}};
  bool again = false;
  try {
    std::optional<std::chrono::milliseconds> asked;
    if (const auto* failure = std::get_if<HttpFailure>(&outcome)) {
      refusal = refusal_of_failure(attempt->order.what, *failure);
    } else {
      const auto& response = std::get<HttpResponse>(outcome);
      refusal = refusal_of_response(attempt->order, response);
      asked = asked_pause(response);
    }
    again = send_again(attempt, refusal, asked);
  } catch (const std::exception&) {
    again = false;  // whoever waits must still be answered
  }
  if (again) return;
  judge_load(attempt, outcome, refusal);
  attempt->done(std::move(refusal));
}

void AwsWire::judge_load(const std::shared_ptr<Attempt>& attempt, const HttpOutcome& outcome,
                         AwsRefusal& refusal) {
  // AWS throttles Tegata's own account by limits that are not known here: that is no outage.
  const bool throttled = refusal.retry == AwsRetry::Throttled;
  if (throttled || (refusal.retry == AwsRetry::Transient && load_.heavy(attempt->asked)))
    refusal.error.code = ErrorCode::OwnRate;
  load_.end(attempt->asked, outcome);
}

bool AwsWire::send_again(const std::shared_ptr<Attempt>& attempt, const AwsRefusal& refusal,
                         std::optional<std::chrono::milliseconds> asked) {
  const bool helps = refusal.retry == AwsRetry::Transient || refusal.retry == AwsRetry::Throttled;
  if (!helps || attempt->count >= attempt->order.attempts) return false;
  const auto pause = asked ? *asked : pause_before(attempt->count, settings_.first_pause);
  if (pause >= attempt->terms.deadline.left()) return false;
  const auto cost = cost_of(refusal);
  const std::lock_guard lock(mutex_);
  if (closing_ || !quota_.take(cost)) return false;
  attempt->cost = cost;
  ++attempt->count;
  services_->at(
      Deadline::Clock::now() + pause, [this, attempt] { start(attempt); }, attempt->terms.askers);
  return true;
}

AwsSignature signature_of(const AwsCredentials& keys, const std::string& region, AwsService service) {
  return {region, std::string(model_of(service).signing_name), keys.access_key_id,
          keys.secret_access_key.clone(), keys.session_token.clone()};
}

}  // namespace tegata::verifier
