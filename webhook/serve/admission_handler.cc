// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/admission_handler.h"

#include <utility>

#include "webhook/clock.h"
#include "webhook/guard.h"
#include "webhook/http/caller_timeout.h"
#include "webhook/log/log.h"

namespace tegata::webhook {

AdmissionHandler::AdmissionHandler(std::shared_ptr<const Current<Decider>> decider,
                                   kubernetes::ValueHasher hasher, std::chrono::milliseconds min_budget,
                                   std::shared_ptr<Metrics> metrics)
    : decider_(std::move(decider)),
      hasher_(std::move(hasher)),
      min_budget_(min_budget),
      metrics_(std::move(metrics)) {}

http::HttpReply AdmissionHandler::unreadable(const Error& error) const {
  metrics_->unreadable();
  log(LogLevel::Warning, "unreadable AdmissionReview",
      {{"code", std::string(name_of(error.code))}, {"error", error.message}});
  return http::plain_reply(400, "this is no AdmissionReview of admission.k8s.io/v1 that can be read");
}

Answer AdmissionHandler::own_fault(const std::string& bug) const {
  log(LogLevel::Error, "internal error", {{"error", bug}});
  return {new_decision_id(now()), policy::with_own_failure({}, Reason::InternalError, "see the log of tegata",
                                                           decider_->get()->settings().mode)};
}

Answer AdmissionHandler::decide(const Reading& reading, const http::HttpRequest& request) const {
  const auto timeout = http::caller_timeout(request);
  return decider_->get()->decide(
      {.reading = reading,
       .source = "serve",
       .now = now(),
       .deadline = http::answer_deadline(request.arrived, timeout),
       .budget = timeout < min_budget_ ? policy::CallerBudget::BelowMinimum : policy::CallerBudget::Enough});
}

http::HttpReply AdmissionHandler::operator()(const http::HttpRequest& request) const {
  const Metrics::InFlight in_flight(*metrics_);
  const auto review = guard([&] { return kubernetes::parse_admission_review(request.body, hasher_); },
                            [](const std::string& bug) -> Result<kubernetes::AdmissionReview> {
                              return Error{ErrorCode::Internal, bug};
                            });
  if (!review.ok()) return unreadable(review.error());
  const auto answer = guard([&] { return decide(review->reading, request); },
                            [this](const std::string& bug) { return own_fault(bug); });
  metrics_->answered(review->reading, answer.verdict, Deadline::Clock::now() - request.arrived);
  return {200, "application/json", kubernetes::admission_response(*review, answer.verdict, answer.id)};
}

}  // namespace tegata::webhook
