// SPDX-License-Identifier: Apache-2.0
#include "policy/engine/conclude.h"

#include <algorithm>

#include "policy/engine/applicable.h"
#include "policy/engine/message.h"
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
void set_would_be(Verdict& verdict) {
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
  set_would_be(verdict);
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
  set_would_be(verdict);
  if (verdict.findings.front().cost == Cost::Deny) verdict.decision = Decision::Deny;
  return verdict;
}

Verdict judge(const IgnoredRequest& ignored) { return passed(Decision::Ignored, ignored.reason); }

Verdict judge(const InvalidRequest& invalid) {
  Verdict verdict;
  verdict.decision = Decision::Invalid;
  verdict.would_be = Decision::Deny;
  verdict.reasons.push_back(invalid.reason);
  verdict.warnings.push_back(std::string(name_of(invalid.reason)) + ": " + sentence(invalid.detail, 300));
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
  set_would_be(verdict);
  return verdict;
}

namespace {

Finding costed(RawFinding raw, const FindingContext& context) {
  Finding finding;
  finding.kind = finding_kind_of(raw.reason);
  const auto costs = costs_of(raw, context.policy, context.rule, context.request, context.options);
  finding.policy = context.policy.name;
  if (context.rule != nullptr) {
    finding.rule = context.rule->name;
    finding.help = context.rule->help;
  }
  finding.reason = raw.reason;
  finding.cost = costs.now;
  finding.would_cost = costs.would;
  finding.expected = std::move(raw.expected);
  finding.found = std::move(raw.found);
  finding.remedy = std::move(raw.remedy);
  return finding;
}

void place(Finding& finding, const ContainerImage& image) {
  finding.field_path = image.field_path;
  finding.container = image.container;
  finding.place = std::string(name_of(image.kind));
  if (!image.container.empty()) finding.place += " " + quoted(image.container, 80);
  finding.place += " (" + printable(image.field_path, 160) + ")";
  finding.image = image.reference.ok() ? image.reference->canonical() : printable(image.text, 400);
}

}  // namespace

Finding request_finding(RawFinding raw, const FindingContext& context) {
  auto finding = costed(std::move(raw), context);
  finding.message = message_of(finding);
  return finding;
}

Finding image_finding(RawFinding raw, const ContainerImage& image, std::optional<Digest> digest,
                      const FindingContext& context) {
  auto finding = costed(std::move(raw), context);
  place(finding, image);
  finding.digest = digest;
  finding.message = message_of(finding);
  return finding;
}

Finding invalid_reference(const ContainerImage& image, const FindingContext& context) {
  auto finding = costed({Reason::ReferenceInvalid, "an image reference that a container runtime reads",
                         sentence(image.reference.error().message, 300),
                         "write it as HOST/REPOSITORY:TAG or HOST/REPOSITORY@sha256:DIGEST, in ASCII, with a "
                         "lower-case repository"},
                        context);
  place(finding, image);
  finding.message = message_of(finding);
  return finding;
}

Finding own_finding(RawFinding raw, Cost cost) {
  Finding finding;
  finding.kind = finding_kind_of(raw.reason);
  finding.reason = raw.reason;
  finding.cost = cost;
  finding.would_cost = Cost::Deny;
  finding.expected = std::move(raw.expected);
  finding.found = std::move(raw.found);
  finding.remedy = std::move(raw.remedy);
  finding.message = message_of(finding);
  return finding;
}

namespace {

/// The rule's word replaces its policy's; where neither is set, it is deny.
Cost word_of(std::optional<Cost> CostSettings::*word, const Policy& policy, const Rule* rule) {
  if (rule != nullptr && rule->costs.*word) return *(rule->costs.*word);
  return (policy.costs.*word).value_or(Cost::Deny);
}

Cost setting_of(const RawFinding& raw, const Policy& policy, const Rule* rule, CallerBudget budget) {
  switch (finding_kind_of(raw.reason)) {
    case FindingKind::Violates:
      return Cost::Deny;
    case FindingKind::Missing:
      return word_of(&CostSettings::on_missing, policy, rule);
    case FindingKind::Unknown:
      if (raw.never_softened) return Cost::Deny;
      if (raw.reason == Reason::CheckTimedOut && budget == CallerBudget::BelowMinimum) return Cost::Deny;
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

Costs costs_of(const RawFinding& raw, const Policy& policy, const Rule* rule,
               const DeploymentRequest& request, const JudgeOptions& options) {
  const Enforcement enforcement =
      rule == nullptr ? policy.costs.enforcement.value_or(Enforcement::Deny) : enforcement_of(policy, *rule);
  const Cost would = setting_of(raw, policy, rule, options.budget);
  return {capped(milder(cost_of(enforcement), would), request, options.mode), would};
}

}  // namespace tegata::policy
