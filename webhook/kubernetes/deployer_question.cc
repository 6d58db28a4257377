// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/deployer_question.h"

#include <algorithm>
#include <array>
#include <vector>

#include "webhook/kubernetes/json_equality.h"
#include "webhook/kubernetes/json_members.h"

namespace tegata::webhook::kubernetes {
namespace {

namespace dom = simdjson::dom;

struct Controller {
  std::string_view user;
  std::string_view owner_group;
  std::string_view owner_kind;
  std::string_view child_group;
  std::string_view child_kind;
};

constexpr std::string_view kAccounts = "system:serviceaccount:kube-system:";

constexpr std::array<Controller, 7> kControllers = {{
    {"deployment-controller", "apps", "Deployment", "apps", "ReplicaSet"},
    {"replicaset-controller", "apps", "ReplicaSet", "", "Pod"},
    {"statefulset-controller", "apps", "StatefulSet", "", "Pod"},
    {"daemon-set-controller", "apps", "DaemonSet", "", "Pod"},
    {"replication-controller", "", "ReplicationController", "", "Pod"},
    {"job-controller", "batch", "Job", "", "Pod"},
    {"cronjob-controller", "batch", "CronJob", "batch", "Job"},
}};

struct Owner {
  GroupVersionKind gvk;
  std::string name;
  bool controller = false;
};

Result<std::optional<dom::object>> metadata_of(dom::object object) {
  return object_member(object, "metadata");
}

Result<Owner> read_owner(dom::element element) {
  constexpr std::string_view kPath = "metadata.ownerReferences[]";
  dom::object reference;
  if (element.get(reference) != simdjson::SUCCESS)
    return Error{ErrorCode::Malformed, std::string(kPath) + " must be an object"};
  TEGATA_TRY(const auto api_version, string_member(reference, "apiVersion", kPath));
  TEGATA_TRY(const auto kind, string_member(reference, "kind", kPath));
  TEGATA_TRY(const auto name, string_member(reference, "name", kPath));
  TEGATA_TRY(const auto controller, bool_member(reference, "controller", kPath));
  TEGATA_TRY(auto gvk, group_version_kind(api_version.value_or(""), kind.value_or("")));
  return Owner{std::move(gvk), std::string(name.value_or("")), controller.value_or(false)};
}

Result<std::vector<Owner>> owners_of(dom::object object) {
  std::vector<Owner> owners;
  TEGATA_TRY(const auto metadata, metadata_of(object));
  if (!metadata) return owners;
  TEGATA_TRY(const auto references, array_member(*metadata, "ownerReferences", "metadata"));
  if (!references) return owners;
  for (const auto element : *references) {
    TEGATA_TRY(auto owner, read_owner(element));
    owners.push_back(std::move(owner));
  }
  return owners;
}

/// The Pod's own images, and its ephemeral containers, which may change what runs by more than an image.
Result<bool> same_pod(const Workload& now, const Workload& before) {
  if (!now.pod_spec || !before.pod_spec) return !now.pod_spec && !before.pod_spec;
  const auto same = [](const NamedImage& a, const NamedImage& b) { return a.same(b); };
  if (!std::equal(now.images.begin(), now.images.end(), before.images.begin(), before.images.end(), same))
    return false;
  const auto ephemeral = member(now.pod_spec->value, "ephemeralContainers");
  const auto old_ephemeral = member(before.pod_spec->value, "ephemeralContainers");
  if (!ephemeral || !old_ephemeral) return !ephemeral && !old_ephemeral;
  return same_json(*ephemeral, *old_ephemeral);
}

}  // namespace

Result<bool> is_controller_child(const WorkloadKind& kind, dom::object object, const KubernetesUser& user) {
  TEGATA_TRY(const auto owners, owners_of(object));
  if (!user.username.starts_with(kAccounts)) return false;
  const auto controls = [](const Owner& owner) { return owner.controller; };
  if (std::count_if(owners.begin(), owners.end(), controls) != 1) return false;
  const auto& owner = *std::find_if(owners.begin(), owners.end(), controls);
  const auto account = std::string_view(user.username).substr(kAccounts.size());
  return std::any_of(kControllers.begin(), kControllers.end(), [&](const Controller& known) {
    return known.user == account && known.owner_group == owner.gvk.group &&
           known.owner_kind == owner.gvk.kind && known.child_group == kind.group &&
           known.child_kind == kind.kind;
  });
}

Result<bool> leaves_what_runs(const Workload& now, const Workload& before) {
  if (now.kind->is_pod()) return same_pod(now, before);
  if (!now.pod_template || !before.pod_template) return !now.pod_template && !before.pod_template;
  return same_json(now.pod_template->value, before.pod_template->value);
}

Result<bool> is_mirror_pod(const WorkloadKind& kind, dom::object object, const KubernetesUser& user) {
  constexpr std::string_view kNodeUser = "system:node:";
  if (!kind.is_pod() || !user.username.starts_with(kNodeUser)) return false;
  const auto node = std::string_view(user.username).substr(kNodeUser.size());
  if (node.empty() || std::find(user.groups.begin(), user.groups.end(), "system:nodes") == user.groups.end())
    return false;
  TEGATA_TRY(const auto metadata, metadata_of(object));
  if (!metadata) return false;
  TEGATA_TRY(const auto annotations, object_member(*metadata, "annotations", "metadata"));
  if (!annotations) return false;
  TEGATA_TRY(const auto mirror,
             string_member(*annotations, "kubernetes.io/config.mirror", "metadata.annotations"));
  if (!mirror) return false;
  TEGATA_TRY(const auto owners, owners_of(object));
  return std::any_of(owners.begin(), owners.end(), [&](const Owner& owner) {
    return owner.gvk.group.empty() && owner.gvk.version == "v1" && owner.gvk.kind == "Node" &&
           owner.name == node;
  });
}

}  // namespace tegata::webhook::kubernetes
