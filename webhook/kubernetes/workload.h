// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/deployment_request.h"
#include "policy/model/result.h"
#include "webhook/kubernetes/value_class.h"

namespace tegata::webhook::kubernetes {

/// A kind of the API: `apps/v1 Deployment`.
struct GroupVersionKind {
  std::string group;
  std::string version;
  std::string kind;

  /// `apps/v1 Deployment`, `v1 Pod`.
  [[nodiscard]] std::string text() const {
    return (group.empty() ? version : group + "/" + version) + " " + kind;
  }
};

/// The group and version of an `apiVersion`: `apps/v1`, or `v1` of the core group. Malformed
/// if there is more than one slash, or if the text before or after it is empty.
[[nodiscard]] Result<GroupVersionKind> group_version_kind(std::string_view api_version,
                                                          std::string_view kind);

/// A built-in kind that contains a PodSpec, and its location.
struct WorkloadKind {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  /// Keys from the object to the Pod template; empty for a Pod, whose PodSpec is its own `spec`.
  std::span<const std::string_view> template_path;

  [[nodiscard]] bool is_pod() const noexcept { return template_path.empty(); }
};

/// The workload kind of exactly that group, version and name; nullptr if there is none, for example
/// for a `Deployment` of another group or version.
[[nodiscard]] const WorkloadKind* workload_kind(const GroupVersionKind& gvk) noexcept;

/// A value in an object, and its path as text.
struct Place {
  simdjson::dom::object value;
  std::string path;
};

/// The Pod template (for a Pod: the object itself, path empty). Empty if it, or anything on the path
/// to it, is absent or null; Malformed if something on the path is not an object.
[[nodiscard]] Result<std::optional<Place>> pod_template(const WorkloadKind& kind,
                                                        simdjson::dom::object object);

/// A place that names an image, and the image's text. Points into the document.
struct NamedImage {
  std::string field_path;
  std::string_view container;  ///< its name, or the volume's
  ContainerKind kind = ContainerKind::Container;
  std::string_view text;  ///< empty if the field is absent

  /// Whether both are in the same list, under the same container name, with the same bytes.
  [[nodiscard]] bool same(const NamedImage& other) const {
    return kind == other.kind && container == other.container && text == other.text;
  }
};

/// Every place in a PodSpec that names an image: containers, initContainers (native sidecars are
/// among them), ephemeralContainers and image volumes, in this order and each in the order of its
/// list; including images that are absent or empty.
///
/// Malformed if a type is wrong; LimitExceeded beyond limits::kImagesPerRequest.
[[nodiscard]] Result<std::vector<NamedImage>> pod_images(const Place& pod_spec);

/// The images with their references parsed, which are Malformed if the image is absent or empty.
/// Those that are also in `before` are marked as unchanged.
[[nodiscard]] std::vector<ContainerImage> container_images(const std::vector<NamedImage>& images,
                                                           const std::vector<NamedImage>& before);

/// The environment variables that a PodSpec's containers name: literal values by class and keyed
/// hash, `valueFrom` as Reference. Variables from `envFrom` are in other objects and are not listed.
///
/// Malformed if a type is wrong; LimitExceeded beyond limits::kEnvironmentVariables.
[[nodiscard]] Result<std::vector<EnvironmentVariable>> pod_environment(const Place& pod_spec,
                                                                       const ValueHasher& hasher);

/// An object of a workload kind, with its parts looked up once. Points into the document.
struct Workload {
  const WorkloadKind* kind;
  simdjson::dom::object object;
  std::optional<Place> pod_template;  ///< as pod_template()
  std::optional<Place> pod_spec;      ///< empty if it, or anything on the path to it, is absent or null
  std::vector<NamedImage> images;     ///< of its PodSpec

  /// Malformed if a type is wrong; LimitExceeded beyond limits::kImagesPerRequest.
  [[nodiscard]] static Result<Workload> read(const WorkloadKind& kind, simdjson::dom::object object);
};

}  // namespace tegata::webhook::kubernetes
