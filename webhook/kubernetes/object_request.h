// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/value_class.h"
#include "webhook/kubernetes/workload.h"

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

}  // namespace tegata::webhook::kubernetes
