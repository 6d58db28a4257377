// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/decision_table.h"

#include <algorithm>
#include <map>
#include <ostream>

#include "policy/engine/match.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "webhook/audit/request_json.h"
#include "webhook/cli/paint.h"
#include "webhook/cli/subject.h"

namespace tegata::webhook::cli {
namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string all(text);
  if (all.size() < width) all.append(width - all.size(), ' ');
  return all;
}

Colour colour_of(Decision decision) {
  switch (decision) {
    case Decision::Allow:
      return Colour::Green;
    case Decision::Deny:
    case Decision::Invalid:
      return Colour::Red;
    case Decision::NotCovered:
      return Colour::Yellow;
    case Decision::Ignored:
      return Colour::Grey;
  }
  return Colour::Red;
}

Colour colour_of(Cost cost) {
  switch (cost) {
    case Cost::Deny:
      return Colour::Red;
    case Cost::Warn:
      return Colour::Yellow;
    case Cost::DryRun:
      return Colour::Cyan;
    case Cost::Allow:
      return Colour::Grey;
  }
  return Colour::Red;
}

/// By which rules nothing was found; or that no policy looks at it.
void print_rules(const policy::PolicySet& policies, const DeploymentRequest& request, std::ostream& out) {
  const auto matching = policy::matching(policies, request);
  if (matching.empty()) out << "           no policy matches it\n";
  for (const auto* each : matching) {
    out << "  " << padded("policy", 8) << " " << printable(each->name) << ":";
    for (const auto& rule : each->rules)
      out << (&rule == &each->rules.front() ? " " : ", ") << printable(rule.name);
    out << "\n";
  }
}

void print_item(const DecisionItem& item, const policy::PolicySet& policies, const Terminal& terminal) {
  const auto& verdict = item.verdict;
  auto& out = terminal.out;
  out << painted(padded(name_of(verdict.decision), 10), colour_of(verdict.decision), terminal.style) << " "
      << painted(printable(item.source), Colour::Bold, terminal.style) << "  " << subject_of(item.reading);
  if (const auto who = who_of(item.reading)) out << "  by " << printable(*who);
  out << "\n";
  if (verdict.decision != Decision::Deny && verdict.would_be == Decision::Deny &&
      verdict.decision != Decision::Invalid)
    out << "           would be denied, were every rule at deny\n";
  for (const auto& image : verdict.images) {
    out << "  " << padded("image", 8) << " " << printable(image.image, limits::kReferenceText);
    if (image.digest && image.image.find('@') == std::string::npos) out << "  is " << image.digest->text();
    out << "\n";
  }
  if (const auto* request = std::get_if<DeploymentRequest>(&item.reading);
      request != nullptr && verdict.findings.empty())
    print_rules(policies, *request, out);
  for (const auto& finding : verdict.findings)
    out << "  " << painted(padded(name_of(finding.cost), 8), colour_of(finding.cost), terminal.style) << " "
        << without_controls(finding.message) << "\n";
  for (const auto& used : verdict.exemptions)
    out << "  " << painted("exempted", Colour::Cyan, terminal.style) << " from rule " << printable(used.rule)
        << " of policy " << printable(used.policy)
        << (used.image.empty() ? "" : ": " + printable(used.image, 200)) << "  until " << used.expires << ", "
        << printable(used.owner) << ": " << printable(used.reason, 200) << "\n";
  if (verdict.decision == Decision::Invalid) return;  // its only warning is the detail above
  for (const auto& warning : verdict.warnings)
    out << "  " << painted("warning ", Colour::Yellow, terminal.style) << " " << without_controls(warning)
        << "\n";
}

}  // namespace

void print_table(const std::vector<DecisionItem>& items, const policy::PolicySet& policies,
                 const Terminal& terminal) {
  std::map<Decision, std::size_t> totals;
  for (const auto& item : items) {
    print_item(item, policies, terminal);
    ++totals[item.verdict.decision];
  }
  if (items.empty()) {
    terminal.out << "nothing to judge\n";
    return;
  }
  terminal.out << "\n" << items.size() << " judged";
  for (const auto& [decision, count] : totals) terminal.out << ", " << count << " " << name_of(decision);
  terminal.out << "\n";
}

void print_uncovered(const std::vector<DecisionItem>& items, std::ostream& out) {
  const auto count = std::count_if(items.begin(), items.end(), [](const DecisionItem& item) {
    return item.verdict.decision == Decision::NotCovered &&
           std::holds_alternative<DeploymentRequest>(item.reading);
  });
  if (count > 0)
    out << "not checked: no policy matches " << count << " of " << items.size()
        << ", which pass unless --unmatched deny is given\n";
}

}  // namespace tegata::webhook::cli
