// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/object_request.h"

#include <utility>

#include "webhook/kubernetes/deployer_question.h"
#include "webhook/kubernetes/json_members.h"
#include "webhook/kubernetes/pod_environment.h"
#include "webhook/kubernetes/pod_images.h"

namespace tegata::webhook::kubernetes {
namespace {

bool is_update(const ObjectChange& change) { return change.operation == "UPDATE"; }

Result<Deployer> deployer_of(const WorkloadKind& kind, const ObjectChange& change) {
  Deployer deployer;
  if (!change.user) return deployer;
  deployer.caller = *change.user;
  deployer.who = change.user->username;
  deployer.question = DeployerQuestion::Judge;
  if (is_update(change) && change.old_object) {
    TEGATA_TRY(const bool same, leaves_what_runs(kind, change.object, *change.old_object));
    if (same) {
      deployer.question = DeployerQuestion::SameTemplate;
      return deployer;
    }
  }
  TEGATA_TRY(const bool child, is_controller_child(kind, change.object, *change.user));
  if (child) deployer.question = DeployerQuestion::ControllerChild;
  return deployer;
}

Result<std::vector<ContainerImage>> images_of(const WorkloadKind& kind, const ObjectChange& change) {
  TEGATA_TRY(const auto spec, pod_spec(kind, change.object));
  if (!spec) return std::vector<ContainerImage>();
  TEGATA_TRY(auto images, pod_images(*spec));
  if (!is_update(change) || !change.old_object) return images;
  TEGATA_TRY(const auto old_spec, pod_spec(kind, *change.old_object));
  if (!old_spec) return images;
  TEGATA_TRY(const auto old_images, pod_images(*old_spec));
  mark_unchanged(images, old_images);
  return images;
}

/// The name, or the prefix of one that is not chosen yet; and the owner.
Status read_names(const ObjectChange& change, DeploymentRequest& request) {
  request.owner = controlling_owner(change.object);
  request.name = change.name;
  if (!request.name.empty()) return done();
  TEGATA_TRY(const auto metadata, object_member(change.object, "metadata"));
  if (!metadata) return done();
  TEGATA_TRY(const auto name, string_member(*metadata, "name", "metadata"));
  request.name = name.value_or("");
  if (!request.name.empty()) return done();
  TEGATA_TRY(const auto prefix, string_member(*metadata, "generateName", "metadata"));
  request.generate_name = prefix.value_or("");
  return done();
}

Result<DeploymentRequest> request_of(const WorkloadKind& kind, const ObjectChange& change,
                                     const ValueHasher& hasher) {
  DeploymentRequest request;
  request.platform = Platform::Kubernetes;
  request.ns = change.ns;
  request.operation = change.operation;
  request.kind = change.gvk.text();
  request.uid = change.uid;
  request.dry_run = change.dry_run;
  TEGATA_CHECK(read_names(change, request));
  TEGATA_TRY(request.images, images_of(kind, change));
  TEGATA_TRY(const auto spec, pod_spec(kind, change.object));
  if (spec) {
    TEGATA_TRY(request.environment, pod_environment(*spec, hasher));
  }
  TEGATA_TRY(request.deployer, deployer_of(kind, change));
  if (change.user && !is_update(change)) {
    TEGATA_TRY(request.mirror_pod, is_mirror_pod(kind, change.object, *change.user));
  }
  return request;
}

}  // namespace

InvalidRequest malformed(const Error& error) { return {Reason::EventMalformed, error.message}; }

Reading read_change(const ObjectChange& change, const ValueHasher& hasher) {
  const auto* kind = workload_kind(change.gvk);
  if (kind == nullptr) return UndescribedKind{change.gvk.text(), change.ns};
  auto request = request_of(*kind, change, hasher);
  if (!request.ok()) return malformed(request.error());
  return *std::move(request);
}

}  // namespace tegata::webhook::kubernetes
