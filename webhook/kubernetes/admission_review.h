// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"
#include "policy/model/result.h"
#include "policy/model/verdict.h"
#include "webhook/kubernetes/value_class.h"

namespace tegata::webhook::kubernetes {

/// An AdmissionReview of admission.k8s.io/v1, as far as we need it.
struct AdmissionReview {
  std::string uid;
  Reading reading;
};

/// Reads a review. Strict: UTF-8, no duplicate keys, at most limits::kJsonDepth levels. Fails only if the uid
/// cannot be read, because then no response is possible (Malformed, LimitExceeded); any other fault is an
/// InvalidRequest with the uid.
[[nodiscard]] Result<AdmissionReview> parse_admission_review(std::string_view body,
                                                             const ValueHasher& hasher);

/// The uid alone: for the response when a bug in Tegata stopped the review from being read.
[[nodiscard]] Result<std::string> admission_uid(std::string_view body);

/// The answer, as JSON: HTTP 200 with `allowed`, and on a denial code 403, reason Forbidden and a
/// message; warnings and auditAnnotations within the API server's limits.
[[nodiscard]] std::string admission_response(std::string_view uid, const Verdict& verdict,
                                             std::string_view decision_id);
/// The same, and the message names the object. Prefer this one where the reading is available.
[[nodiscard]] std::string admission_response(const AdmissionReview& review, const Verdict& verdict,
                                             std::string_view decision_id);
/// Only the decision, for when building the full response failed: no warnings, no annotations, a fixed
/// message.
[[nodiscard]] std::string bare_response(std::string_view uid, Decision decision);

}  // namespace tegata::webhook::kubernetes
