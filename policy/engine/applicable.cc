// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/applicable.h"

#include <algorithm>

#include "policy/engine/exemptions.h"

namespace tegata::policy {
namespace {

bool refuses(const ApplicableRule& each, const ImageReference& image) {
  const auto* check = std::get_if<AllowedRegistries>(&each.rule.check);
  return check != nullptr && each.lifted_by == nullptr &&
         enforcement_of(each.policy, each.rule) == Enforcement::Deny &&
         !judge(*check, ImageEvidence{image}).empty();
}

}  // namespace

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
