// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/workload_kind.h"

namespace tegata::webhook::kubernetes {

/// Every place in a PodSpec that names an image: containers, initContainers (native sidecars are
/// among them), ephemeralContainers and image volumes, in this order and each in the order of its
/// list. An image that is absent or empty is listed with a reference that is Malformed.
///
/// Malformed where a type is wrong; LimitExceeded beyond limits::kImagesPerRequest.
[[nodiscard]] Result<std::vector<ContainerImage>> pod_images(const Place& pod_spec);

/// Marks the images that stand in `before` too: same list, same container name, same bytes.
void mark_unchanged(std::vector<ContainerImage>& images, const std::vector<ContainerImage>& before);

}  // namespace tegata::webhook::kubernetes
