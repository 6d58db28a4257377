// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/admission_handler.h"

#include <optional>
#include <utility>

#include "webhook/clock.h"
#include "webhook/guard.h"
#include "webhook/http/http_message.h"
#include "webhook/log/log.h"

namespace tegata::webhook {

AdmissionHandler::AdmissionHandler(std::shared_ptr<const Current<Decider>> decider,
                                   kubernetes::ValueHasher hasher, std::chrono::milliseconds min_budget,
                                   std::shared_ptr<Metrics> metrics)
    : decider_(std::move(decider)),
      hasher_(std::move(hasher)),
      min_budget_(min_budget),
      metrics_(std::move(metrics)) {}

http::HttpReply AdmissionHandler::unreadable(const Error& error, std::string_view trace_id) const {
  metrics_->unreadable();
  log(LogLevel::Warning, "unreadable AdmissionReview",
      with_trace({{"code", name_of(error.code)}, {"error", error.message}}, trace_id));
  // The API server tries 429 again. Everything else would fail again.
  if (error.code == ErrorCode::RateLimited) return http::plain_reply(429, "busy, try again");
  if (error.code == ErrorCode::LimitExceeded)
    return http::plain_reply(413, "the AdmissionReview exceeds a limit");
  return http::plain_reply(400, "cannot parse the AdmissionReview");
}

Answer AdmissionHandler::own_fault(const std::string& bug, std::string_view trace_id) const {
  metrics_->internal_error();
  log(LogLevel::Error, "internal error", with_trace({{"error", bug}}, trace_id));
  return {new_decision_id(now()), policy::with_own_failure({}, Reason::InternalError, "see the log of tegata",
                                                           decider_->get()->settings().mode)};
}

/// Denied like after any other internal error, if there is a uid to answer.
http::HttpReply AdmissionHandler::answer_bug_in_reading(const http::HttpRequest& request,
                                                        const std::string& bug) const {
  const auto answer = own_fault(bug, request.trace_id);
  const auto uid = guard([&] { return kubernetes::admission_uid(request.body); },
                         [](const std::string& again) -> Result<std::string> {
                           return Error{ErrorCode::Internal, again};
                         });
  if (!uid.ok()) return unreadable(uid.error(), request.trace_id);
  return {200, "application/json",
          response_of({*uid, InvalidRequest{Reason::InternalError, "it could not be read"}}, answer,
                      request.trace_id)};
}

std::string AdmissionHandler::response_of(const kubernetes::AdmissionReview& review, const Answer& answer,
                                          std::string_view trace_id) const {
  return guard([&] { return kubernetes::admission_response(review, answer.verdict, answer.id); },
               [&](const std::string& bug) {
                 metrics_->internal_error();
                 log(LogLevel::Error, "internal error in an answer",
                     with_trace({{"error", bug}, {"decision", answer.id}}, trace_id));
                 return kubernetes::bare_response(review.uid, answer.verdict.decision);
               });
}

Answer AdmissionHandler::decide(const Reading& reading, const http::HttpRequest& request) const {
  const auto timeout = http::caller_timeout(request);
  return decider_->get()->decide(
      {.reading = reading,
       .source = "serve",
       .now = now(),
       .deadline = http::answer_deadline(request.arrived, timeout),
       .budget = timeout < min_budget_ ? policy::CallerBudget::BelowMinimum : policy::CallerBudget::Enough,
       .client = std::string(request.caller),
       .trace_id = std::string(request.trace_id)});
}

http::HttpReply AdmissionHandler::operator()(const http::HttpRequest& request) const {
  const Metrics::InFlight in_flight(*metrics_);
  std::optional<std::string> bug;
  const auto review = guard([&] { return kubernetes::parse_admission_review(request.body, hasher_); },
                            [&](const std::string& what) -> Result<kubernetes::AdmissionReview> {
                              bug = what;
                              return Error{ErrorCode::Internal, what};
                            });
  if (bug) return answer_bug_in_reading(request, *bug);
  if (!review.ok()) return unreadable(review.error(), request.trace_id);
  const auto answer = guard([&] { return decide(review->reading, request); },
                            [&](const std::string& what) { return own_fault(what, request.trace_id); });
  metrics_->answered(review->reading, answer.verdict, Deadline::Clock::now() - request.arrived);
  return {200, "application/json", response_of(*review, answer, request.trace_id)};
}

}  // namespace tegata::webhook
