// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/rule_counters.h"

namespace tegata::webhook {

RuleCounters::RuleCounters(prometheus::Family<prometheus::Counter>& family,
                           const policy::PolicySet& policies) {
  for (const auto& policy : policies.policies) {
    add(family, {policy.name, ""});
    for (const auto& rule : policy.rules) add(family, {policy.name, rule.name});
  }
}

void RuleCounters::add(prometheus::Family<prometheus::Counter>& family, const PolicyAndRule& name) {
  auto& counters = counters_[name];
  for (const auto kind : {FindingKind::Violates, FindingKind::Missing, FindingKind::Unknown})
    counters.at(static_cast<std::size_t>(kind)) =
        &family.Add({{"policy", name.first}, {"rule", name.second}, {"result", std::string(name_of(kind))}});
}

void RuleCounters::count(const Verdict& verdict) {
  for (const auto& finding : verdict.findings) {
    const auto found = counters_.find({finding.policy, finding.rule.value_or("")});
    if (found != counters_.end()) found->second.at(static_cast<std::size_t>(finding.kind))->Increment();
  }
}

ReasonCounters::ReasonCounters(prometheus::Family<prometheus::Counter>& family) {
  for (const auto reason : all_reasons())
    counters_.push_back(&family.Add({{"reason", std::string(name_of(reason))}}));
}

void ReasonCounters::count(const Verdict& verdict) {
  for (const auto reason : verdict.reasons) counters_.at(static_cast<std::size_t>(reason))->Increment();
}

}  // namespace tegata::webhook
