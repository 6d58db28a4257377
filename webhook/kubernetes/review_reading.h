// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include "webhook/kubernetes/object_request.h"

namespace tegata::webhook::kubernetes {

/// What an AdmissionReview asks for. The document has passed check_unambiguous(). CREATE and UPDATE
/// of workloads are judged, and of a Pod's ephemeral containers; other operations and subresources
/// start nothing (NotADeployment, ScaleOnly).
[[nodiscard]] Reading read_review(simdjson::dom::object review, const ValueHasher& hasher);

/// Whether this object calls itself an AdmissionReview of admission.k8s.io/v1.
[[nodiscard]] bool is_admission_review(simdjson::dom::object object);

}  // namespace tegata::webhook::kubernetes
