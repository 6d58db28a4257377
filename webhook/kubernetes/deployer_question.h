// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/workload.h"

namespace tegata::webhook::kubernetes {

/// The controlling owner that the object names, for messages and records. None where it names none, or
/// what it says of owners cannot be read: that is the API server's to refuse.
[[nodiscard]] std::optional<Owner> controlling_owner(simdjson::dom::object object);

/// Whether a built-in controller made this object for its owner, which was judged itself: the user
/// is exactly that controller's account, or `system:kube-controller-manager`, as which all of them run
/// by default; the object is of the kind that it makes, and the one
/// controlling ownerReference is of the kind (API group and kind) that it makes them for. A user
/// with forged ownerReferences is none; nor is a controller with another's.
[[nodiscard]] Result<bool> is_controller_child(const WorkloadKind& kind, simdjson::dom::object object,
                                               const KubernetesUser& user);

/// Whether an update leaves what runs as it was: the Pod template; of a Pod, its own images, image
/// volumes among them, and its ephemeral containers.
[[nodiscard]] Result<bool> leaves_what_runs(const Workload& now, const Workload& before);

/// Whether this Pod mirrors a static Pod: created by `system:node:NAME` of group `system:nodes`,
/// with the annotation `kubernetes.io/config.mirror` and the owner Node NAME. Fewer prove nothing.
[[nodiscard]] Result<bool> is_mirror_pod(const WorkloadKind& kind, simdjson::dom::object object,
                                         const KubernetesUser& user);

}  // namespace tegata::webhook::kubernetes
