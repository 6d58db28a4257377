// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "webhook/current.h"
#include "webhook/decide.h"
#include "webhook/http/http_message.h"
#include "webhook/kubernetes/admission_review.h"
#include "webhook/metrics/metrics.h"

namespace tegata::webhook {

/// Answers POST /validate. Every review with a readable uid gets HTTP 200 and a decision, also after an
/// internal error (InternalError: denied, allowed in dry-run), because an HTTP error would leave the decision
/// to the webhook's failurePolicy. Everything else gets HTTP 400, in dry-run too. The answer always carries
/// the decision that was recorded, even if its message cannot be built. A decision is ready
/// limits::kAnswerMargin before the caller's timeout ends. Thread-safe.
class AdmissionHandler {
 public:
  /// Each request is decided by the Decider that `decider` held when the request arrived.
  AdmissionHandler(std::shared_ptr<const Current<Decider>> decider, kubernetes::ValueHasher hasher,
                   std::chrono::milliseconds min_budget, std::shared_ptr<Metrics> metrics);

  [[nodiscard]] http::HttpReply operator()(const http::HttpRequest& request) const;

 private:
  [[nodiscard]] http::HttpReply unreadable(const Error& error, std::string_view trace_id) const;
  [[nodiscard]] Answer decide(const Reading& reading, const http::HttpRequest& request) const;
  [[nodiscard]] Answer own_fault(const std::string& bug, std::string_view trace_id) const;
  [[nodiscard]] http::HttpReply answer_bug_in_reading(const http::HttpRequest& request,
                                                      const std::string& bug) const;
  [[nodiscard]] std::string response_of(const kubernetes::AdmissionReview& review, const Answer& answer,
                                        std::string_view trace_id) const;

  std::shared_ptr<const Current<Decider>> decider_;
  kubernetes::ValueHasher hasher_;
  std::chrono::milliseconds min_budget_;
  std::shared_ptr<Metrics> metrics_;
};

}  // namespace tegata::webhook
