// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/decision_table.h"

#include <algorithm>
#include <map>
#include <ostream>

#include "policy/engine/applicable.h"
#include "policy/engine/message.h"
#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "webhook/audit/request_json.h"
#include "webhook/cli/command.h"

namespace tegata::webhook::cli {
namespace {

constexpr std::size_t kDetail = 1000;  // bytes of the detail of an ignored or invalid request

std::string place_of(const DeploymentRequest& request) {
  const auto name = printable(shown_name(request));
  if (request.platform == Platform::Kubernetes)
    return printable(request.kind) + " " + (request.ns.empty() ? name : printable(request.ns) + "/" + name) +
           (request.owner ? " of " + printable(short_workload_of(request)) : "");
  auto place = printable(request.operation) + " " + name;
  if (request.cluster) place += " in " + printable(*request.cluster);
  return place;
}

}  // namespace

std::string subject_of(const Reading& reading) {
  if (const auto* request = std::get_if<DeploymentRequest>(&reading)) return place_of(*request);
  if (const auto* ignored = std::get_if<IgnoredRequest>(&reading))
    return std::string(name_of(ignored->reason)) + ": " + printable(ignored->detail, kDetail);
  if (const auto* invalid = std::get_if<InvalidRequest>(&reading))
    return std::string(name_of(invalid->reason)) + ": " + sentence(invalid->detail, kDetail);
  return printable(std::get<UndescribedKind>(reading).kind);
}

namespace {

constexpr std::size_t kColumns = 100;

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

/// The rules without a finding; or a line that no policy matches.
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

/// Code points: bytes of UTF-8 that do not continue one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// The next part that must not be broken: a word, or a command in back quotes, which people copy.
std::string_view first_word(std::string_view text) {
  auto end = text.find(' ');
  const auto quote = text.substr(0, end).find('`');
  if (const auto closed = quote == std::string_view::npos ? quote : text.find('`', quote + 1);
      closed != std::string_view::npos)
    end = text.find(' ', closed);
  return text.substr(0, end);
}

/// The text broken at spaces into lines of at most kColumns: the first line begins at column `at`, the others
/// are indented by `indent`.
std::string wrapped(std::string_view text, std::size_t at, std::size_t indent) {
  std::string lines;
  while (!text.empty()) {
    const auto word = first_word(text);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const bool breaks = at > indent && at + width_of(word) > kColumns;
    if (breaks) {
      if (!lines.empty()) lines.pop_back();  // the space before it
      lines += "\n" + std::string(indent, ' ');
      at = indent;
    }
    lines += std::string(word) + (text.empty() ? "" : " ");
    at += width_of(word) + 1;
  }
  return lines;
}

void print_finding(const policy::ExplainedFinding& finding, const Terminal& terminal) {
  constexpr std::size_t kIndent = 13;  // of the text after the cost
  auto& out = terminal.out;
  out << "    " << painted(padded(name_of(finding.cost), 8), colour_of(finding.cost), terminal.style) << " "
      << wrapped(without_controls(finding.summary), kIndent, kIndent) << "\n";
  for (const auto& [label, text] : finding.lines) {
    constexpr std::size_t kLabel = 10;
    out << std::string(kIndent, ' ') << padded(std::string(label) + ":", kLabel)
        << wrapped(without_controls(text), kIndent + kLabel, kIndent + kLabel) << "\n";
  }
}

}  // namespace

void print_findings(const Verdict& verdict, const Terminal& terminal) {
  for (const auto& image : policy::explained(policy::findings_told(verdict, Cost::Allow))) {
    terminal.out << "  " << wrapped(without_controls(image.title), 2, 4) << "\n";
    if (!image.digest.empty()) terminal.out << "    " << padded("digest", 8) << " " << image.digest << "\n";
    for (const auto& finding : image.findings) print_finding(finding, terminal);
  }
}

namespace {

/// The images without a finding.
void print_images(const Verdict& verdict, std::ostream& out) {
  for (const auto& image : verdict.images) {
    const bool found = std::any_of(verdict.findings.begin(), verdict.findings.end(),
                                   [&](const Finding& finding) { return finding.image == image.image; });
    if (found) continue;
    out << "  " << padded("image", 8) << " " << printable(image.image, limits::kReferenceText);
    if (image.digest && image.image.find('@') == std::string::npos) out << "  is " << image.digest->text();
    out << "\n";
  }
}

void print_exemptions(const Verdict& verdict, const Terminal& terminal) {
  for (const auto& used : verdict.exemptions) {
    std::string lifted;
    for (const auto& one : used.vulnerabilities) lifted += (lifted.empty() ? "" : ", ") + printable(one, 60);
    if (!lifted.empty()) lifted += " ";
    const auto text = lifted + "from rule " + printable(used.rule) + " of policy " + printable(used.policy) +
                      (used.image.empty() ? "" : ": " + printable(used.image, 200)) + " until " +
                      used.expires + ", " + printable(used.owner) + ": " + printable(used.reason, 200);
    terminal.out << "  " << painted("exempted", Colour::Cyan, terminal.style) << " " << wrapped(text, 11, 11)
                 << "\n";
  }
}

/// Passes now, because a rule or setting is milder than deny.
bool would_be_denied(const Verdict& verdict) {
  return verdict.would_be == Decision::Deny && verdict.decision != Decision::Deny &&
         verdict.decision != Decision::Invalid;
}

void print_item(const DecisionItem& item, const policy::PolicySet& policies, const Terminal& terminal) {
  const auto& verdict = item.verdict;
  auto& out = terminal.out;
  out << painted(padded(name_of(verdict.decision), 10), colour_of(verdict.decision), terminal.style) << " "
      << painted(printable(item.source), Colour::Bold, terminal.style) << "  " << subject_of(item.reading);
  if (const auto who = who_of(item.reading)) out << "  by " << printable(*who);
  out << "\n";
  if (would_be_denied(verdict)) out << "           would be denied, if every rule were at deny\n";
  print_images(verdict, out);
  if (const auto* request = std::get_if<DeploymentRequest>(&item.reading);
      request != nullptr && verdict.findings.empty())
    print_rules(policies, *request, out);
  print_findings(verdict, terminal);
  print_exemptions(verdict, terminal);
  if (verdict.decision == Decision::Invalid) return;  // its only warning is the detail above
  for (const auto& warning : verdict.warnings)
    out << "  " << painted("warning ", Colour::Yellow, terminal.style) << " "
        << wrapped(without_controls(warning), 11, 11) << "\n";
}

bool is_undescribed(const DecisionItem& item) {
  return std::holds_alternative<UndescribedKind>(item.reading);
}

}  // namespace

void print_undescribed(const std::vector<DecisionItem>& items, std::ostream& out) {
  std::map<std::string, std::size_t> kinds;
  std::size_t objects = 0;
  for (const auto& item : items) {
    if (!is_undescribed(item)) continue;
    ++objects;
    ++kinds[std::get<UndescribedKind>(item.reading).kind];
  }
  if (objects == 0) return;
  std::string all;
  for (const auto& [kind, count] : kinds)
    all += (all.empty() ? "" : ", ") + std::to_string(count) + " " + printable(kind);
  const auto line = std::to_string(objects) + (objects == 1 ? " object" : " objects") +
                    " of kinds that Tegata does not judge: " + all +
                    "; Pods that they create are judged when they are created";
  out << padded(name_of(Decision::NotCovered), 10) << " " << wrapped(line, 11, 11) << "\n";
}

void print_table(const std::vector<DecisionItem>& items, const policy::PolicySet& policies,
                 const Terminal& terminal) {
  std::map<Decision, std::size_t> totals;
  for (const auto& item : items) {
    if (!is_undescribed(item)) print_item(item, policies, terminal);
    ++totals[item.verdict.decision];
  }
  if (items.empty()) {
    terminal.out << "nothing to judge\n";
    return;
  }
  print_undescribed(items, terminal.out);
  terminal.out << "\n" << items.size() << " judged";
  for (const auto& [decision, count] : totals) terminal.out << ", " << count << " " << name_of(decision);
  const auto milder = std::count_if(items.begin(), items.end(),
                                    [](const DecisionItem& item) { return would_be_denied(item.verdict); });
  if (milder > 0) terminal.out << "; " << milder << " would be denied, if every rule were at deny";
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
