// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include "webhook/kubernetes/object_request.h"

namespace tegata::webhook::kubernetes {

/// The part of an AdmissionReview that must be there for it to be answered.
struct ReviewRequest {
  std::string uid;
  simdjson::dom::object request;
};
/// Malformed: no request, or no uid in it; LimitExceeded: a uid beyond limits::kUid bytes.
[[nodiscard]] Result<ReviewRequest> review_request(simdjson::dom::object review);

/// What an AdmissionReview asks for. The document has passed check_unambiguous(). CREATE and UPDATE
/// of workloads are judged, and of a Pod's ephemeral containers; other operations and subresources
/// start nothing (NotADeployment, ScaleOnly). Another version than admission.k8s.io/v1 is invalid.
[[nodiscard]] Reading read_review(simdjson::dom::object review, const ReviewRequest& request,
                                  const ValueHasher& hasher);

}  // namespace tegata::webhook::kubernetes
