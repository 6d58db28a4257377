// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"

namespace tegata::policy {

/// Whether a policy's `match` takes this request in (design.md, section 4, "Match"). An ECS request
/// that names no cluster is matched by its account alone; one that names no account either (a file
/// given to `check`) cannot be told apart, so that accounts do not exclude it.
[[nodiscard]] bool matches(const Policy& policy, const DeploymentRequest& request);

/// The policies that match, in the order of the set.
[[nodiscard]] std::vector<const Policy*> matching(const PolicySet& policies,
                                                  const DeploymentRequest& request);

}  // namespace tegata::policy
