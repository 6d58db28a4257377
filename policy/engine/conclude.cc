// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/conclude.h"

#include <algorithm>

#include "policy/engine/cost.h"
#include "policy/engine/findings.h"
#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

Decision decision_of(const std::vector<Finding>& findings, Cost Finding::*cost) {
  const bool denied = std::any_of(findings.begin(), findings.end(),
                                  [&](const Finding& finding) { return finding.*cost == Cost::Deny; });
  return denied ? Decision::Deny : Decision::Allow;
}

template <typename T, typename Less>
void sort_once(std::vector<T>& list, Less less) {
  std::sort(list.begin(), list.end(), less);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// reasons, rules and would_be: of what would be denied if every rule were at deny.
void tell_what_would_be(Verdict& verdict) {
  verdict.would_be = decision_of(verdict.findings, &Finding::would_cost);
  for (const auto& finding : verdict.findings) {
    if (finding.would_cost != Cost::Deny) continue;
    verdict.reasons.push_back(finding.reason);
    if (finding.rule) verdict.rules.push_back(*finding.rule);
  }
  sort_once(verdict.reasons, [](Reason a, Reason b) { return name_of(a) < name_of(b); });
  sort_once(verdict.rules, std::less<>());
}

std::string place_of(const DeploymentRequest& request) {
  switch (request.platform) {
    case Platform::Kubernetes:
      return "namespace " + quoted(request.ns);
    case Platform::Ecs:
      return "account " + quoted(request.account) + ", cluster " + quoted(request.cluster.value_or(""));
  }
  return {};
}

std::string remedy_of_own_failure(Reason reason) {
  if (reason != Reason::AuditUnavailable) return std::string(kReportIt);
  return "deploy again; if this keeps happening, " + std::string(kPlatformTeam) +
         "check the file of --audit-log (a full disk, no right to write) and the load of the machine";
}

Verdict passed(Decision decision, std::optional<Reason> reason = std::nullopt) {
  Verdict verdict;
  verdict.decision = decision;
  verdict.would_be = Decision::Allow;
  if (reason) verdict.reasons.push_back(*reason);
  return verdict;
}

}  // namespace

Verdict conclude(Verdict verdict) {
  verdict.decision = decision_of(verdict.findings, &Finding::cost);
  tell_what_would_be(verdict);
  return verdict;
}

Verdict unmatched(const DeploymentRequest& request, const JudgeOptions& options) {
  const std::string found = "none that matches " + place_of(request);
  auto verdict = passed(Decision::NotCovered);
  switch (options.unmatched) {
    case Unmatched::Allow:
      return verdict;
    case Unmatched::Warn:
      verdict.warnings.push_back("no policy covers this deployment: " + found);
      return verdict;
    case Unmatched::Deny:
      break;
  }
  verdict.findings.push_back(
      own_finding({Reason::NotCovered, "a policy that covers this deployment", found,
                   "deploy to a place that a policy covers, or " + std::string(kPlatformTeam) +
                       "write a policy that matches this one"},
                  capped(Cost::Deny, request, options.mode)));
  tell_what_would_be(verdict);
  if (verdict.findings.front().cost == Cost::Deny) verdict.decision = Decision::Deny;
  return verdict;
}

Verdict judge(const IgnoredRequest& ignored) { return passed(Decision::Ignored, ignored.reason); }

Verdict judge(const InvalidRequest& invalid) {
  Verdict verdict;
  verdict.decision = Decision::Invalid;
  verdict.would_be = Decision::Deny;
  verdict.reasons.push_back(invalid.reason);
  verdict.warnings.push_back(std::string(name_of(invalid.reason)) + ": " + printable(invalid.detail, 300));
  return verdict;
}

/// Passes under --unmatched deny, too: a webhook's rules may name kinds that hold no PodSpec, and what
/// comes of kinds that we do not know is judged as Pods.
Verdict judge(const UndescribedKind& undescribed) {
  auto verdict = passed(Decision::NotCovered);
  verdict.warnings.push_back("Tegata does not judge the kind " + quoted(undescribed.kind) +
                             " itself; Pods that it creates are judged when they are created");
  return verdict;
}

Verdict with_own_failure(Verdict verdict, Reason reason, const std::string& detail, Mode mode) {
  const Cost cost = mode == Mode::DryRun ? Cost::DryRun : Cost::Deny;
  verdict.findings.push_back(own_finding({reason, "a decision that was reached and recorded",
                                          printable(detail, 300), remedy_of_own_failure(reason)},
                                         cost));
  // What cannot be read or trusted stays refused as that, in dry-run too.
  if (verdict.decision == Decision::Invalid) return verdict;
  if (cost == Cost::Deny)
    verdict.decision = Decision::Deny;
  else if (verdict.decision == Decision::Deny)
    verdict.decision = Decision::Allow;
  verdict.reasons.clear();
  verdict.rules.clear();
  tell_what_would_be(verdict);
  return verdict;
}

}  // namespace tegata::policy
