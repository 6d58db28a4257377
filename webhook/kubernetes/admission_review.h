// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "policy/model/deployment_request.h"
#include "policy/model/result.h"
#include "policy/model/verdict.h"

namespace tegata::webhook::kubernetes {

/// Gives the keyed hash (hex) of an environment variable's value.
using ValueHasher = std::function<std::string(std::string_view value)>;

/// An AdmissionReview of admission.k8s.io/v1, as far as we need it.
struct AdmissionReview {
  std::string uid;
  Reading reading;
};

/// Reads a review. Strict: UTF-8, no key twice, at most limits::kJsonDepth levels. Fails only where
/// no uid can be read, so that nothing could be answered (Malformed, LimitExceeded); any other fault
/// is an InvalidRequest with the uid.
[[nodiscard]] Result<AdmissionReview> parse_admission_review(std::string_view body,
                                                             const ValueHasher& hasher);

/// The answer, as JSON: HTTP 200 with `allowed`, and on a denial code 403, reason Forbidden and a
/// message; warnings and auditAnnotations within the API server's limits.
[[nodiscard]] std::string admission_response(std::string_view uid, const Verdict& verdict,
                                             std::string_view decision_id);

}  // namespace tegata::webhook::kubernetes
