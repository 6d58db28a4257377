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

}  // namespace tegata::policy
