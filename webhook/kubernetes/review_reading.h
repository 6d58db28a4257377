// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include "webhook/kubernetes/object_request.h"

namespace tegata::webhook::kubernetes {

/// The part of an AdmissionReview that is required to answer it.
struct ReviewRequest {
  std::string uid;
  simdjson::dom::object request;
};
/// Malformed: no request, or no uid in it; LimitExceeded: a uid beyond limits::kUid bytes.
[[nodiscard]] Result<ReviewRequest> review_request(simdjson::dom::object review);

/// The request in an AdmissionReview. The document has passed check_unambiguous(). CREATE and UPDATE
/// of workloads are judged, and of a Pod's ephemeral containers; other operations and subresources
/// start nothing (NotADeployment, ScaleOnly). A version other than admission.k8s.io/v1 is invalid.
[[nodiscard]] Reading read_review(simdjson::dom::object review, const ReviewRequest& request,
                                  const ValueHasher& hasher);

}  // namespace tegata::webhook::kubernetes
