// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/value_class.h"
#include "webhook/kubernetes/workload.h"

/// From an object, or an AdmissionReview with one, to what it deploys and who is asked about it. The reviews
/// are read in admission_review.cc, the questions about the deployer are answered in deployer_question.cc.
namespace tegata::webhook::kubernetes {

/// An object that is being created or updated, with the other fields of its AdmissionReview, or with what the
/// command line of `tegata check` says about a manifest.
struct ObjectChange {
  std::string operation;  ///< CREATE or UPDATE
  GroupVersionKind gvk;
  std::string ns;
  std::string name;  ///< empty: metadata.name of the object is used
  std::string uid;
  bool dry_run = false;
  std::optional<KubernetesUser> user;  ///< empty: unknown
  simdjson::dom::object object;
  std::optional<simdjson::dom::object> old_object;
};

/// What the change deploys: a DeploymentRequest, an UndescribedKind, or an InvalidRequest
/// (EventMalformed) that names the field.
[[nodiscard]] Reading read_change(const ObjectChange& change, const ValueHasher& hasher);

/// An InvalidRequest (EventMalformed) for this cause.
[[nodiscard]] InvalidRequest malformed(const Error& error);

/// The part of an AdmissionReview that is required to answer it.
struct ReviewRequest {
  std::string uid;
  simdjson::dom::object request;
};
/// Malformed: no request, or no uid in it; LimitExceeded: a uid beyond limits::kUid bytes.
[[nodiscard]] Result<ReviewRequest> review_request(simdjson::dom::object review);

/// The request in an AdmissionReview. The document has passed check_unambiguous(). CREATE and UPDATE
/// of workloads are judged, and of a Pod's ephemeral containers; other operations and subresources
/// start nothing (NotADeployment, ScaleOnly). A version other than admission.k8s.io/v1 is invalid.
[[nodiscard]] Reading read_review(simdjson::dom::object review, const ReviewRequest& request,
                                  const ValueHasher& hasher);

/// The controlling owner that the object names, for messages and records. Empty if it names none, or if
/// its owner references cannot be read: the API server rejects those.
[[nodiscard]] std::optional<Owner> controlling_owner(simdjson::dom::object object);

/// Whether a built-in controller created this object for its owner, which was judged itself. All of these
/// must hold: the user is exactly that controller's account, or `system:kube-controller-manager`, which all
/// of them use by default; the object has the kind that the controller creates; and the single controlling
/// ownerReference has the kind (API group and kind) that it creates them for. Forged ownerReferences of
/// another user do not count, nor do owners that belong to another controller.
[[nodiscard]] Result<bool> is_controller_child(const WorkloadKind& kind, simdjson::dom::object object,
                                               const KubernetesUser& user);

/// Whether an update leaves unchanged what runs: the Pod template; for a Pod, its own images (including
/// image volumes) and its ephemeral containers.
[[nodiscard]] Result<bool> leaves_what_runs(const Workload& now, const Workload& before);

/// Whether this Pod mirrors a static Pod: created by `system:node:NAME` of group `system:nodes`,
/// with the annotation `kubernetes.io/config.mirror` and the owner Node NAME. All of these are required.
[[nodiscard]] Result<bool> is_mirror_pod(const WorkloadKind& kind, simdjson::dom::object object,
                                         const KubernetesUser& user);

}  // namespace tegata::webhook::kubernetes
