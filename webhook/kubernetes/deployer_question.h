// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/workload.h"

namespace tegata::webhook::kubernetes {

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
