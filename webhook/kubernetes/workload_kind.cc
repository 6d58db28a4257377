// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/workload_kind.h"

#include <array>

#include "webhook/kubernetes/json_members.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 1> kTemplate = {"template"};
constexpr std::array<std::string_view, 2> kSpecTemplate = {"spec", "template"};
constexpr std::array<std::string_view, 4> kJobTemplate = {"spec", "jobTemplate", "spec", "template"};

// Every kind of Kubernetes 1.36 that embeds a PodSpec and that people write. ControllerRevision is
// left out: only controllers write it, as a copy of what was judged, and its Pods are judged again.
constexpr std::array<WorkloadKind, 9> kWorkloads = {{
    {"", "v1", "Pod", {}},
    {"", "v1", "PodTemplate", kTemplate},
    {"", "v1", "ReplicationController", kSpecTemplate},
    {"apps", "v1", "Deployment", kSpecTemplate},
    {"apps", "v1", "StatefulSet", kSpecTemplate},
    {"apps", "v1", "DaemonSet", kSpecTemplate},
    {"apps", "v1", "ReplicaSet", kSpecTemplate},
    {"batch", "v1", "Job", kSpecTemplate},
    {"batch", "v1", "CronJob", kJobTemplate},
}};

}  // namespace

Result<GroupVersionKind> group_version_kind(std::string_view api_version, std::string_view kind) {
  const auto slash = api_version.find('/');
  const bool core = slash == std::string_view::npos;
  const auto group = core ? std::string_view() : api_version.substr(0, slash);
  const auto version = core ? api_version : api_version.substr(slash + 1);
  if (version.empty() || (!core && group.empty()) || version.find('/') != std::string_view::npos)
    return Error{ErrorCode::Malformed,
                 "apiVersion \"" + std::string(api_version) + "\" is not VERSION or GROUP/VERSION"};
  if (kind.empty()) return Error{ErrorCode::Malformed, "kind is empty"};
  return GroupVersionKind{std::string(group), std::string(version), std::string(kind)};
}

const WorkloadKind* workload_kind(const GroupVersionKind& gvk) noexcept {
  for (const auto& known : kWorkloads)
    if (known.kind == gvk.kind && known.group == gvk.group && known.version == gvk.version) return &known;
  return nullptr;
}

Result<std::optional<Place>> pod_template(const WorkloadKind& kind, dom::object object) {
  Place place{object, ""};
  for (const auto key : kind.template_path) {
    TEGATA_TRY(const auto next, object_member(place.value, key, place.path));
    if (!next) return std::optional<Place>();
    place = {*next, joined(place.path, key)};
  }
  return std::optional(std::move(place));
}

}  // namespace tegata::webhook::kubernetes
