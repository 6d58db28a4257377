// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/decision_counters.h"

#include <algorithm>
#include <string>

namespace tegata::webhook {
namespace {

/// The index of a word, or of the last word, `other`.
template <std::size_t N>
std::size_t place_of(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  return std::min<std::size_t>(static_cast<std::size_t>(found - words.begin()), N - 1);
}

bool has_cost(const Verdict& verdict, Cost cost) {
  return std::ranges::any_of(verdict.findings, [&](const Finding& finding) { return finding.cost == cost; });
}

/// The word for what was answered: `warn` if the request is allowed with a finding that is shown to its
/// caller.
std::string_view answer_word(const Verdict& verdict) {
  const bool warned = verdict.decision == Decision::Allow && has_cost(verdict, Cost::Warn);
  return warned ? "warn" : name_of(verdict.decision);
}

}  // namespace

void RequestCounters::count(const Reading& reading, const Verdict& verdict) {
  Place place;
  place.decision = place_of(kDecisions, answer_word(verdict));
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) {
    const std::string_view kind = request->kind;  // `apps/v1 Deployment`
    place.operation = place_of(kOperations, request->operation);
    place.kind = place_of(kKinds, kind.substr(kind.rfind(' ') + 1));
    place.dry_run = request->dry_run ? 1 : 0;
  }
  count(place);
}

void RequestCounters::count_unreadable() { count(Place{}); }

void RequestCounters::count(const Place& p) {
  const auto index =
      ((p.operation * kKinds.size() + p.kind) * kDecisions.size() + p.decision) * 2 + p.dry_run;
  auto* counter = counters_[index].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // The family returns the same counter for equal labels, so a race here is harmless.
    counter = &family_.Add({{"operation", std::string(kOperations[p.operation])},
                            {"kind", std::string(kKinds[p.kind])},
                            {"decision", std::string(kDecisions[p.decision])},
                            {"dry_run", p.dry_run == 1 ? "true" : "false"}});
    counters_[index].store(counter, std::memory_order_release);
  }
  counter->Increment();
}

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

WouldDenyCounters::WouldDenyCounters(prometheus::Family<prometheus::Counter>& family)
    : dryrun_(family.Add({{"cost", "dryrun"}})), warn_(family.Add({{"cost", "warn"}})) {}

void WouldDenyCounters::count(const Verdict& verdict) {
  if (verdict.would_be != Decision::Deny) return;
  if (verdict.decision != Decision::Allow && verdict.decision != Decision::NotCovered) return;
  const bool warns = std::ranges::any_of(verdict.findings, [](const Finding& finding) {
    return finding.would_cost == Cost::Deny && finding.cost == Cost::Warn;
  });
  (warns ? warn_ : dryrun_).Increment();
}

ReasonCounters::ReasonCounters(prometheus::Family<prometheus::Counter>& family) {
  for (const auto& reason : all_reasons())
    counters_.push_back(&family.Add({{"reason", std::string(reason.name)}}));
}

void ReasonCounters::count(const Verdict& verdict) {
  if (verdict.would_be != Decision::Deny) return;
  for (const auto reason : verdict.reasons) counters_.at(static_cast<std::size_t>(reason))->Increment();
}

}  // namespace tegata::webhook
