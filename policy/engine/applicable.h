// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "policy/rules/rules.h"

namespace tegata::policy {

/// The enforcement in force: the rule's own, else its policy's, else deny.
[[nodiscard]] Enforcement enforcement_of(const Policy& policy, const Rule& rule);

/// A rule that looks at an image, and what exempts the image from it.
struct ApplicableRule {
  const Policy& policy;
  const Rule& rule;
  const Exemption* lifted_by;            ///< takes the whole rule away; null: none
  std::vector<const Exemption*> scoped;  ///< in force, for the rule itself to apply
};

/// The rules that apply to one image: the same for plan, which asks, and judge, which answers.
struct ApplicableRules {
  /// Refused by an `allowedRegistries` rule whose enforcement in force is deny. Nothing about such an image
  /// is looked up, for any policy: the author of a Pod must not choose the hosts that we call. Neither
  /// --dry-run nor a mirror Pod changes this. The same where a `denied` rule at deny lists the digest in the
  /// reference: it is judged before anything is fetched.
  Lookup lookup = Lookup::Allowed;
  std::vector<ApplicableRule> rules;  ///< by policy and rule as written
};

/// None for an image that did not change or whose reference cannot be read.
[[nodiscard]] ApplicableRules applicable_rules(const std::vector<const Policy*>& matching,
                                               const ContainerImage& image, Time now);

/// Whether any finding that the rules could give on this request, whatever the facts, would deny it:
/// an enforcement of deny that looks at something in it. The caps of --dry-run and of mirror Pods are
/// ignored. False where no policy matches.
[[nodiscard]] bool can_deny(const PolicySet& policies, const DeploymentRequest& request, Time now);

/// Whether a policy's `match` takes this request in. An ECS request
/// that names no cluster is matched by its account alone; one that names no account either (a file
/// given to `check`) is not excluded by accounts.
[[nodiscard]] bool matches(const Policy& policy, const DeploymentRequest& request);

/// The policies that match, in the order of the set.
[[nodiscard]] std::vector<const Policy*> matching(const PolicySet& policies,
                                                  const DeploymentRequest& request);

/// The exemption in force at `now` that takes an image rule away for this image; null: none.
[[nodiscard]] const Exemption* exemption_for(const Policy& policy, const Rule& rule,
                                             const ImageReference& image, Time now);

/// Those in force that name vulnerabilities: they do not lift the rule, which overlooks only what they name.
[[nodiscard]] std::vector<const Exemption*> scoped_exemptions(const Policy& policy, const Rule& rule,
                                                              const ImageReference& image, Time now);

/// The one that takes a rule about the whole request away: it has to match every image, those that
/// did not change too, and there has to be one.
[[nodiscard]] const Exemption* exemption_for(const Policy& policy, const Rule& rule,
                                             const DeploymentRequest& request, Time now);

/// Whether an exemption ends within 14 days of `now`.
[[nodiscard]] bool ends_soon(const Exemption& exemption, Time now);
/// What is then said about it.
[[nodiscard]] std::string ending_warning(const Policy& policy, const Rule& rule, const Exemption& exemption);

}  // namespace tegata::policy
