// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {

/// The enforcement in force: the rule's own, else its policy's, else deny.
[[nodiscard]] Enforcement enforcement_of(const Policy& policy, const Rule& rule);

/// A rule that looks at an image, and what exempts the image from it.
struct ApplicableRule {
  const Policy& policy;
  const Rule& rule;
  const Exemption* lifted_by;               ///< takes the whole rule away; null: none
  std::vector<ScopedExemption> exemptions;  ///< for the rule itself to apply
};

/// What the matching policies want of one image: the same for plan, which asks, and judge, which answers.
struct ApplicableRules {
  /// Refused by an `allowedRegistries` rule whose enforcement in force is deny. Nothing about such an image
  /// is looked up, for any policy: who writes a Pod must not choose the hosts that we call. Neither --dry-run
  /// nor a mirror Pod changes anything in this.
  Lookup lookup = Lookup::Allowed;
  std::vector<ApplicableRule> rules;  ///< by policy and rule as written
};

/// None for an image that did not change or whose reference cannot be read.
[[nodiscard]] ApplicableRules applicable_rules(const std::vector<const Policy*>& matching,
                                               const ContainerImage& image, Time now);

/// Whether any finding that the rules could give on this request, whatever the facts, would deny it:
/// an enforcement of deny that looks at something in it. The caps of --dry-run and of mirror Pods are
/// not asked. False where no policy matches.
[[nodiscard]] bool can_deny(const PolicySet& policies, const DeploymentRequest& request, Time now);

}  // namespace tegata::policy
