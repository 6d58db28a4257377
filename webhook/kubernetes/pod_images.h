// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/workload_kind.h"

namespace tegata::webhook::kubernetes {

/// A place that names an image, and the image's text. Points into the document.
struct NamedImage {
  std::string field_path;
  std::string_view container;  ///< its name, or the volume's
  ContainerKind kind = ContainerKind::Container;
  std::string_view text;  ///< empty where the field is absent

  /// Whether both are in the same list, under the same container name, with the same bytes.
  [[nodiscard]] bool same(const NamedImage& other) const {
    return kind == other.kind && container == other.container && text == other.text;
  }
};

/// Every place in a PodSpec that names an image: containers, initContainers (native sidecars are
/// among them), ephemeralContainers and image volumes, in this order and each in the order of its
/// list; an image that is absent or empty too.
///
/// Malformed where a type is wrong; LimitExceeded beyond limits::kImagesPerRequest.
[[nodiscard]] Result<std::vector<NamedImage>> pod_images(const Place& pod_spec);

/// The images with their references parsed, which are Malformed where the image is absent or empty.
/// Those that are also in `before` are marked as unchanged.
[[nodiscard]] std::vector<ContainerImage> container_images(const std::vector<NamedImage>& images,
                                                           const std::vector<NamedImage>& before);

}  // namespace tegata::webhook::kubernetes
