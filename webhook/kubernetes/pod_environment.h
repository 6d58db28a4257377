// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/model/deployment_request.h"
#include "webhook/kubernetes/value_class.h"
#include "webhook/kubernetes/workload_kind.h"

namespace tegata::webhook::kubernetes {

/// The environment variables that a PodSpec's containers name: literal values by class and keyed
/// hash, `valueFrom` as Reference. What `envFrom` brings in stands elsewhere and is not listed.
///
/// Malformed where a type is wrong; LimitExceeded beyond limits::kEnvironmentVariables.
[[nodiscard]] Result<std::vector<EnvironmentVariable>> pod_environment(const Place& pod_spec,
                                                                       const ValueHasher& hasher);

}  // namespace tegata::webhook::kubernetes
