// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <array>
#include <atomic>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "policy/document/policy_set.h"
#include "policy/model/deployment_request.h"
#include "policy/model/verdict.h"
#include "webhook/current.h"

namespace tegata::webhook {

/// tegata_admission_requests_total{operation, kind, decision, dry_run}. A combination's counter is created at
/// its first use and then found by index.
class RequestCounters {
 public:
  explicit RequestCounters(prometheus::Family<prometheus::Counter>& family) : family_(family) {}
  void count(const Reading& reading, const Verdict& verdict);
  void count_unreadable();

 private:
  static constexpr std::array<std::string_view, 5> kOperations{"CREATE", "UPDATE", "DELETE", "CONNECT",
                                                               "other"};
  static constexpr std::array<std::string_view, 11> kKinds{
      "Pod", "PodTemplate", "ReplicationController", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet",
      "Job", "CronJob",     "ControllerRevision",    "other"};
  static constexpr std::array<std::string_view, 7> kDecisions{"allow",   "warn",    "deny", "notCovered",
                                                              "ignored", "invalid", "error"};
  struct Place {
    std::size_t operation = kOperations.size() - 1;
    std::size_t kind = kKinds.size() - 1;
    std::size_t decision = kDecisions.size() - 1;
    std::size_t dry_run = 0;
  };
  void count(const Place& place);

  prometheus::Family<prometheus::Counter>& family_;
  std::array<std::atomic<prometheus::Counter*>, kOperations.size() * kKinds.size() * kDecisions.size() * 2>
      counters_{};
};

/// tegata_rule_results_total{policy, rule, result}: the findings of each loaded rule, and, with an empty
/// rule, those of the policy itself. Internal errors are not counted here.
class RuleCounters {
 public:
  RuleCounters(prometheus::Family<prometheus::Counter>& family, const policy::PolicySet& policies);
  /// Adds the rules of these policies. A rule that no longer exists keeps its number.
  void add(const policy::PolicySet& policies);
  void count(const Verdict& verdict) const;

 private:
  using PolicyAndRule = std::pair<std::string, std::string>;
  using Counters = std::map<PolicyAndRule, std::array<prometheus::Counter*, 3>>;  ///< by FindingKind
  void add(Counters& counters, const PolicyAndRule& name);
  prometheus::Family<prometheus::Counter>& family_;
  Current<Counters> counters_{std::make_shared<const Counters>()};
};

/// tegata_admission_would_deny_total{cost}: requests that are not denied, but would be if every rule were at
/// deny and `--dry-run` off, by what their findings cost now.
class WouldDenyCounters {
 public:
  explicit WouldDenyCounters(prometheus::Family<prometheus::Counter>& family);
  void count(const Verdict& verdict);

 private:
  prometheus::Counter& dryrun_;
  prometheus::Counter& warn_;
};

/// tegata_reasons_total{reason}: each reason for which a verdict is or would be a denial, once per verdict.
class ReasonCounters {
 public:
  explicit ReasonCounters(prometheus::Family<prometheus::Counter>& family);
  void count(const Verdict& verdict);

 private:
  std::vector<prometheus::Counter*> counters_;  ///< by Reason
};

}  // namespace tegata::webhook
