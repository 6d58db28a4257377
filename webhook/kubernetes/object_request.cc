// SPDX-License-Identifier: Apache-2.0
#include "webhook/kubernetes/object_request.h"

#include <utility>

#include "webhook/kubernetes/json.h"
#include "webhook/kubernetes/workload.h"

namespace tegata::webhook::kubernetes {
namespace {

bool is_update(const ObjectChange& change) { return change.operation == "UPDATE"; }

Result<Deployer> deployer_of(const Workload& now, const std::optional<Workload>& before,
                             const ObjectChange& change) {
  Deployer deployer;
  if (!change.user) return deployer;
  deployer.caller = *change.user;
  deployer.who = change.user->username;
  deployer.question = DeployerQuestion::Judge;
  if (before) {
    TEGATA_TRY(const bool same, leaves_what_runs(now, *before));
    if (same) {
      deployer.question = DeployerQuestion::SameTemplate;
      return deployer;
    }
  }
  TEGATA_TRY(const bool child, is_controller_child(*now.kind, change.object, *change.user));
  if (child) deployer.question = DeployerQuestion::ControllerChild;
  return deployer;
}

/// The old object of an update, if the review contains it.
Result<std::optional<Workload>> workload_before(const WorkloadKind& kind, const ObjectChange& change) {
  if (!is_update(change) || !change.old_object) return std::optional<Workload>();
  TEGATA_TRY(auto before, Workload::read(kind, *change.old_object));
  return std::optional(std::move(before));
}

/// The name, or the generateName prefix if the name is not chosen yet; and the owner.
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
  TEGATA_TRY(const auto workload, Workload::read(kind, change.object));
  TEGATA_TRY(const auto before, workload_before(kind, change));
  request.images = container_images(workload.images, before ? before->images : std::vector<NamedImage>());
  if (workload.pod_spec) {
    TEGATA_TRY(request.environment, pod_environment(*workload.pod_spec, hasher));
  }
  TEGATA_TRY(request.deployer, deployer_of(workload, before, change));
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
