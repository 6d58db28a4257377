// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "policy/model/evidence_plan.h"

namespace tegata::policy {

/// Which facts the rules need that match this request. Pure.
///
/// Not asked: rules that an exemption in force lifts, images that did not change, and every fact of
/// an image that an `allowedRegistries` rule at deny refuses (`--dry-run` changes nothing in that).
[[nodiscard]] EvidencePlan plan(const PolicySet& policies, const DeploymentRequest& request, Time now);

/// What `--observe` asks beside that, so that a later policy finds its evidence: for every image
/// that may be looked up, its digest and all signature candidates in its own repository. Nothing for a
/// request that no policy matches: nobody has said then whom we may call.
[[nodiscard]] EvidencePlan plan_observing(const PolicySet& policies, const DeploymentRequest& request,
                                          Time now);

}  // namespace tegata::policy
