// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"

namespace tegata::policy {

/// Whether an image rule is asked about an image: its reference can be read, it changed, and the
/// rule's `images` look at it. Exemptions are not asked here.
[[nodiscard]] bool looks_at(const Rule& rule, const ContainerImage& image);

/// The enforcement in force: the rule's own, else its policy's, else deny.
[[nodiscard]] Enforcement enforcement_of(const Policy& policy, const Rule& rule);

/// Whether an `allowedRegistries` rule whose enforcement in force is deny refuses an image that
/// changed. Nothing about such an image is looked up, for any policy: who writes a Pod must not
/// choose the hosts that we call. Neither --dry-run nor a mirror Pod changes anything in this.
[[nodiscard]] bool is_refused(const std::vector<const Policy*>& matching, const ContainerImage& image,
                              Time now);

/// Whether any finding that the rules could give on this request, whatever the facts, would deny it:
/// an enforcement of deny that looks at something in it. The caps of --dry-run and of mirror Pods are
/// not asked. False where no policy matches.
[[nodiscard]] bool can_deny(const PolicySet& policies, const DeploymentRequest& request, Time now);

}  // namespace tegata::policy
