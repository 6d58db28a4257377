// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/applicable.h"

#include <algorithm>

#include "policy/engine/exemptions.h"
#include "policy/engine/match.h"
#include "policy/rules/deployers.h"

namespace tegata::policy {
namespace {

bool refuses(const ApplicableRule& each, const ImageReference& image) {
  const auto* check = std::get_if<AllowedRegistries>(&each.rule.check);
  return check != nullptr && each.lifted_by == nullptr &&
         enforcement_of(each.policy, each.rule) == Enforcement::Deny &&
         !judge(*check, ImageEvidence{image}).empty();
}

/// Findings that belong to no rule cost what the policy itself says.
bool has_finding_without_rule(const DeploymentRequest& request) {
  return request.images_unknown ||
         std::any_of(request.images.begin(), request.images.end(),
                     [](const ContainerImage& image) { return !image.unchanged && !image.reference.ok(); });
}

/// By a rule about the request, or by a finding that belongs to no rule.
bool can_deny_request(const Policy& policy, const DeploymentRequest& request, Time now) {
  if (policy.costs.enforcement.value_or(Enforcement::Deny) == Enforcement::Deny &&
      has_finding_without_rule(request))
    return true;
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
    const auto* deployers = std::get_if<DeployersCheck>(&rule.check);
    return deployers != nullptr && enforcement_of(policy, rule) == Enforcement::Deny &&
           request.deployer.question == DeployerQuestion::Judge && judge(*deployers, request) &&
           exemption_for(policy, rule, request, now) == nullptr;
  });
}

}  // namespace

bool can_deny(const PolicySet& policies, const DeploymentRequest& request, Time now) {
  const auto matched = matching(policies, request);
  if (std::any_of(matched.begin(), matched.end(),
                  [&](const Policy* policy) { return can_deny_request(*policy, request, now); }))
    return true;
  return std::any_of(request.images.begin(), request.images.end(), [&](const ContainerImage& image) {
    const auto rules = applicable_rules(matched, image, now).rules;
    return std::any_of(rules.begin(), rules.end(), [](const ApplicableRule& each) {
      return each.lifted_by == nullptr && enforcement_of(each.policy, each.rule) == Enforcement::Deny;
    });
  });
}

Enforcement enforcement_of(const Policy& policy, const Rule& rule) {
  if (rule.costs.enforcement) return *rule.costs.enforcement;
  return policy.costs.enforcement.value_or(Enforcement::Deny);
}

ApplicableRules applicable_rules(const std::vector<const Policy*>& matching, const ContainerImage& image,
                                 Time now) {
  ApplicableRules found;
  if (image.unchanged || !image.reference.ok()) return found;
  for (const auto* policy : matching)
    for (const auto& rule : policy->rules)
      if (!is_about_request(rule.check) && matches_any(rule.images, image.reference->repository()))
        found.rules.push_back({*policy, rule, exemption_for(*policy, rule, *image.reference, now),
                               scoped_exemptions(*policy, rule, *image.reference, now)});
  if (std::any_of(found.rules.begin(), found.rules.end(),
                  [&](const ApplicableRule& each) { return refuses(each, *image.reference); }))
    found.lookup = Lookup::Refused;
  return found;
}

}  // namespace tegata::policy
