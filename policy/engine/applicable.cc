// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/applicable.h"

#include <algorithm>

#include "policy/engine/exemptions.h"
#include "policy/engine/match.h"
#include "policy/rules/deployers.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {
namespace {

bool refuses(const Policy& policy, const Rule& rule, const ContainerImage& image, Time now) {
  const auto* check = std::get_if<AllowedRegistries>(&rule.check);
  return check != nullptr && enforcement_of(policy, rule) == Enforcement::Deny && looks_at(rule, image) &&
         exemption_for(policy, rule, *image.reference, now) == nullptr &&
         judge_registry(*check, *image.reference).has_value();
}

/// Whether a rule, with nothing that exempts from it, is asked about anything in the request.
bool is_asked(const Policy& policy, const Rule& rule, const DeploymentRequest& request, Time now) {
  if (const auto* deployers = std::get_if<DeployersCheck>(&rule.check))
    return request.deployer.question == DeployerQuestion::Judge && covers(*deployers, request.platform) &&
           exemption_for(policy, rule, request, now) == nullptr;
  return std::any_of(request.images.begin(), request.images.end(), [&](const ContainerImage& image) {
    return looks_at(rule, image) && exemption_for(policy, rule, *image.reference, now) == nullptr;
  });
}

/// Findings that belong to no rule cost what the policy itself says.
bool has_finding_without_rule(const DeploymentRequest& request) {
  return request.images_unknown ||
         std::any_of(request.images.begin(), request.images.end(),
                     [](const ContainerImage& image) { return !image.unchanged && !image.reference.ok(); });
}

bool can_deny(const Policy& policy, const DeploymentRequest& request, Time now) {
  if (policy.costs.enforcement.value_or(Enforcement::Deny) == Enforcement::Deny &&
      has_finding_without_rule(request))
    return true;
  return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
    return enforcement_of(policy, rule) == Enforcement::Deny && is_asked(policy, rule, request, now);
  });
}

}  // namespace

bool can_deny(const PolicySet& policies, const DeploymentRequest& request, Time now) {
  const auto matched = matching(policies, request);
  return std::any_of(matched.begin(), matched.end(),
                     [&](const Policy* policy) { return can_deny(*policy, request, now); });
}

bool looks_at(const Rule& rule, const ContainerImage& image) {
  return !is_about_request(rule.check) && !image.unchanged && image.reference.ok() &&
         matches_any(rule.images, image.reference->repository());
}

Enforcement enforcement_of(const Policy& policy, const Rule& rule) {
  if (rule.costs.enforcement) return *rule.costs.enforcement;
  return policy.costs.enforcement.value_or(Enforcement::Deny);
}

bool is_refused(const std::vector<const Policy*>& matching, const ContainerImage& image, Time now) {
  return std::any_of(matching.begin(), matching.end(), [&](const Policy* policy) {
    return std::any_of(policy->rules.begin(), policy->rules.end(),
                       [&](const Rule& rule) { return refuses(*policy, rule, image, now); });
  });
}

}  // namespace tegata::policy
