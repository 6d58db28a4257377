// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/rule_counters.h"

namespace tegata::webhook {

RuleCounters::RuleCounters(prometheus::Family<prometheus::Counter>& family, const policy::PolicySet& policies)
    : family_(family) {
  add(policies);
}

void RuleCounters::add(const policy::PolicySet& policies) {
  Counters counters = *counters_.get();
  for (const auto& policy : policies.policies) {
    add(counters, {policy.name, ""});
    for (const auto& rule : policy.rules) add(counters, {policy.name, rule.name});
  }
  counters_.replace(std::make_shared<const Counters>(std::move(counters)));
}

void RuleCounters::add(Counters& counters, const PolicyAndRule& name) {
  auto& three = counters[name];
  for (const auto kind : {FindingKind::Violates, FindingKind::Missing, FindingKind::Unknown})
    three.at(static_cast<std::size_t>(kind)) =
        &family_.Add({{"policy", name.first}, {"rule", name.second}, {"result", std::string(name_of(kind))}});
}

void RuleCounters::count(const Verdict& verdict) const {
  if (verdict.findings.empty()) return;
  const auto counters = counters_.get();
  for (const auto& finding : verdict.findings) {
    const auto found = counters->find({finding.policy, finding.rule.value_or("")});
    if (found != counters->end()) found->second.at(static_cast<std::size_t>(finding.kind))->Increment();
  }
}

ReasonCounters::ReasonCounters(prometheus::Family<prometheus::Counter>& family) {
  for (const auto& reason : all_reasons())
    counters_.push_back(&family.Add({{"reason", std::string(reason.name)}}));
}

void ReasonCounters::count(const Verdict& verdict) {
  for (const auto reason : verdict.reasons) counters_.at(static_cast<std::size_t>(reason))->Increment();
}

}  // namespace tegata::webhook
