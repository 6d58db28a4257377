// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/applicable.h"

#include <algorithm>

#include "policy/engine/exemptions.h"
#include "policy/rules/image_rules.h"

namespace tegata::policy {
namespace {

bool refuses(const Policy& policy, const Rule& rule, const ContainerImage& image, Time now) {
  const auto* check = std::get_if<AllowedRegistries>(&rule.check);
  return check != nullptr && enforcement_of(policy, rule) == Enforcement::Deny && looks_at(rule, image) &&
         exemption_for(policy, rule, *image.reference, now) == nullptr &&
         judge_registry(*check, *image.reference).has_value();
}

}  // namespace

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
