// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/cost.h"

#include "policy/engine/applicable.h"

namespace tegata::policy {
namespace {

/// The rule's word replaces its policy's; where neither is set, it is deny.
Cost word_of(std::optional<Cost> CostSettings::*word, const Policy& policy, const Rule* rule) {
  if (rule != nullptr && rule->costs.*word) return *(rule->costs.*word);
  return (policy.costs.*word).value_or(Cost::Deny);
}

Cost setting_of(FindingKind kind, Reason reason, const Policy& policy, const Rule* rule,
                CallerBudget budget) {
  switch (kind) {
    case FindingKind::Violates:
      return Cost::Deny;
    case FindingKind::Missing:
      return word_of(&CostSettings::on_missing, policy, rule);
    case FindingKind::Unknown:
      if (reason == Reason::CheckTimedOut && budget == CallerBudget::BelowMinimum) return Cost::Deny;
      // Anyone with push access may cause malformed answers, so they must not soften the decision.
      if (reason == Reason::RegistryAnswerMalformed) return Cost::Deny;
      return word_of(&CostSettings::on_unknown, policy, rule);
  }
  return Cost::Deny;
}

}  // namespace

Cost capped(Cost cost, const DeploymentRequest& request, Mode mode) {
  if (request.mirror_pod) cost = milder(cost, Cost::Warn);
  switch (mode) {
    case Mode::Enforce:
      return cost;
    case Mode::DryRun:
      return milder(cost, Cost::DryRun);
  }
  return cost;
}

Costs costs_of(FindingKind kind, Reason reason, const Policy& policy, const Rule* rule,
               const DeploymentRequest& request, const JudgeOptions& options) {
  const Enforcement enforcement =
      rule == nullptr ? policy.costs.enforcement.value_or(Enforcement::Deny) : enforcement_of(policy, *rule);
  const Cost would = setting_of(kind, reason, policy, rule, options.budget);
  return {capped(milder(cost_of(enforcement), would), request, options.mode), would};
}

}  // namespace tegata::policy
