// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <optional>
#include <vector>

#include "webhook/kubernetes/pod_images.h"
#include "webhook/kubernetes/workload_kind.h"

namespace tegata::webhook::kubernetes {

/// An object of a workload kind, with what is asked of it found once. Points into the document.
struct Workload {
  const WorkloadKind* kind;
  simdjson::dom::object object;
  std::optional<Place> pod_template;  ///< as pod_template()
  std::optional<Place> pod_spec;      ///< empty where it, or anything on the way to it, is absent or null
  std::vector<NamedImage> images;     ///< of its PodSpec

  /// Malformed where a type is wrong; LimitExceeded beyond limits::kImagesPerRequest.
  [[nodiscard]] static Result<Workload> read(const WorkloadKind& kind, simdjson::dom::object object);
};

}  // namespace tegata::webhook::kubernetes
