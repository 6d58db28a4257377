// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/model/result.h"

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
/// where there is more than one slash, or nothing before or after it.
[[nodiscard]] Result<GroupVersionKind> group_version_kind(std::string_view api_version,
                                                          std::string_view kind);

/// A built-in kind that holds a PodSpec, and where.
struct WorkloadKind {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  /// Keys from the object to the Pod template; empty for a Pod, whose PodSpec is its own `spec`.
  std::span<const std::string_view> template_path;

  [[nodiscard]] bool is_pod() const noexcept { return template_path.empty(); }
};

/// The workload kind of exactly that group, version and name; nullptr where there is none. A
/// `Deployment` of another group is not ours, and one of another version not described.
[[nodiscard]] const WorkloadKind* workload_kind(const GroupVersionKind& gvk) noexcept;

/// Where something stands in an object: the value, and its path in words.
struct Place {
  simdjson::dom::object value;
  std::string path;
};

/// The Pod template (for a Pod: the object itself, path empty). Empty where it, or anything on the
/// way to it, is absent or null; Malformed where something on the way is no object.
[[nodiscard]] Result<std::optional<Place>> pod_template(const WorkloadKind& kind,
                                                        simdjson::dom::object object);

}  // namespace tegata::webhook::kubernetes
