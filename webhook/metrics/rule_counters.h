// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>

#include <array>
#include <map>
#include <string>
#include <utility>

#include "policy/document/policy_set.h"
#include "policy/model/verdict.h"
#include "webhook/current.h"

namespace tegata::webhook {

/// tegata_rule_results_total{policy, rule, result}: the findings of each rule that is loaded, and,
/// with an empty rule, those of its policy alone. Findings about ourselves are not counted here.
class RuleCounters {
 public:
  RuleCounters(prometheus::Family<prometheus::Counter>& family, const policy::PolicySet& policies);
  /// Counts for these policies' rules, too. What is no rule any more keeps its number.
  void add(const policy::PolicySet& policies);
  void count(const Verdict& verdict) const;

 private:
  using PolicyAndRule = std::pair<std::string, std::string>;
  using Counters = std::map<PolicyAndRule, std::array<prometheus::Counter*, 3>>;  ///< by FindingKind
  void add(Counters& counters, const PolicyAndRule& name);
  prometheus::Family<prometheus::Counter>& family_;
  Current<Counters> counters_{std::make_shared<const Counters>()};
};

/// tegata_reasons_total{reason}: each reason of a verdict, once a verdict.
class ReasonCounters {
 public:
  explicit ReasonCounters(prometheus::Family<prometheus::Counter>& family);
  void count(const Verdict& verdict);

 private:
  std::vector<prometheus::Counter*> counters_;  ///< by Reason
};

}  // namespace tegata::webhook
