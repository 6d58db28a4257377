// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/replay_report.h"

#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <utility>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "webhook/audit/request_json.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/cli/command.h"
#include "webhook/cli/decision_table.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

constexpr std::array kComparisons{
    Comparison::Exact,        Comparison::Reworded,         Comparison::SameOutcome, Comparison::NewlyDenied,
    Comparison::NewlyAllowed, Comparison::OtherwiseChanged, Comparison::NotRecorded, Comparison::OwnFailure};

/// The exit code for a record that the policy denies, or would deny once it is enforced.
ExitCode exit_code_of_would_be(const Verdict& verdict) {
  auto code = ExitCode::Unchecked;
  for (const auto& finding : verdict.findings)
    if (finding.would_cost == Cost::Deny && finding.kind != FindingKind::Unknown) code = ExitCode::Denied;
  return code;
}

ExitCode exit_code_of(const Replayed& replayed) {
  if (replayed.is_inexact()) return ExitCode::Denied;
  if (replayed.comparison == Comparison::NotRecorded) return ExitCode::Unchecked;
  if (replayed.same_policy) return ExitCode::Ok;
  if (replayed.comparison == Comparison::NewlyDenied) return exit_code_of_would_be(replayed.verdict);
  if (replayed.verdict.decision == Decision::Deny) return exit_code_of(replayed.verdict, FailOn::Deny);
  return ExitCode::Ok;
}

JsonText text_of(const Outcome& outcome) {
  return {{"decision", outcome.decision},
          {"wouldBe", outcome.would_be},
          {"reasons", JsonText::list(outcome.reasons)}};
}

json or_null(const std::string& text) { return text.empty() ? json() : json(text); }

std::string words_of(const Outcome& outcome) {
  auto text = outcome.decision;
  if (outcome.would_be != outcome.decision) text += " (enforced: " + outcome.would_be + ")";
  for (const auto& reason : outcome.reasons)
    text += (&reason == &outcome.reasons.front() ? " " : ", ") + printable(reason);
  return text;
}

std::string_view title_of(const Replayed& replayed) {
  return replayed.is_inexact() ? std::string_view("INEXACT") : name_of(replayed.comparison);
}

/// A record is listed if its verdict is not the same, unless another policy comes to the same outcome.
bool is_listed(const Replayed& replayed) {
  if (replayed.comparison == Comparison::Exact) return false;
  return replayed.comparison != Comparison::SameOutcome || replayed.is_inexact();
}

std::map<ReplayGroupKey, std::set<std::string>> groups_of(const Replayed& replayed) {
  std::map<ReplayGroupKey, std::set<std::string>> groups;
  const auto* request = std::get_if<DeploymentRequest>(&replayed.record.reading);
  if (request == nullptr || replayed.comparison != Comparison::NewlyDenied) return groups;
  const auto workload = workload_of(*request);
  for (const auto& finding : replayed.verdict.findings)
    if (finding.would_cost == Cost::Deny)
      groups[{finding.policy, finding.rule.value_or(""), request->ns, request->account,
              request->cluster.value_or(""), workload}]
          .emplace(name_of(finding.reason));
  return groups;
}

std::string table_text(const Replayed& replayed, Style style) {
  std::ostringstream out;
  const bool good =
      replayed.comparison == Comparison::NewlyAllowed || replayed.comparison == Comparison::Reworded;
  out << painted(title_of(replayed), good ? Colour::Green : Colour::Red, style) << "  "
      << printable(replayed.record.id) << "  " << printable(replayed.record.time) << "  "
      << subject_of(replayed.record.reading);
  if (const auto who = who_of(replayed.record.reading)) out << "  by " << printable(*who);
  out << "\n";
  if (replayed.verdict.findings.empty())
    for (const auto& image : replayed.verdict.images)
      out << "  image    " << printable(image.image, 500) << "\n";
  out << "  was      " << words_of(replayed.was) << "\n  now      " << words_of(replayed.now) << "\n";
  print_findings(replayed.verdict, {out, out, style});
  return std::move(out).str();
}

std::string json_entry(const Replayed& replayed) {
  return JsonText({{"id", replayed.record.id},
                   {"time", replayed.record.time},
                   {"comparison", name_of(replayed.comparison)},
                   {"inexact", replayed.is_inexact()},
                   {"who", who_of(replayed.record.reading)},
                   {"request", json_text(replayed.record.reading)},
                   {"images", JsonText::list(replayed.verdict.images,
                                             [](const JudgedImage& image) { return image.image; })},
                   {"was", text_of(replayed.was)},
                   {"now", text_of(replayed.now)},
                   {"verdict", JsonText::of_json(replayed.verdict_text)}})
      .text();
}

std::string text_of(const Replayed& replayed, Format format, Style style) {
  switch (format) {
    case Format::Json:
      return json_entry(replayed);
    case Format::Table:
      return table_text(replayed, style);
  }
  return {};
}

}  // namespace

std::string_view name_of(Comparison comparison) noexcept {
  switch (comparison) {
    case Comparison::Exact:
      return "exact";
    case Comparison::Reworded:
      return "reworded";
    case Comparison::SameOutcome:
      return "same";
    case Comparison::NewlyDenied:
      return "newlyDenied";
    case Comparison::NewlyAllowed:
      return "newlyAllowed";
    case Comparison::OtherwiseChanged:
      return "otherwiseChanged";
    case Comparison::NotRecorded:
      return "notRecorded";
    case Comparison::OwnFailure:
      return "ownFailure";
  }
  return "otherwiseChanged";
}

ReportEntry entry_of(const Replayed& replayed, Format format, Style style) {
  return {.comparison = replayed.comparison,
          .same_policy = replayed.same_policy,
          .inexact = replayed.is_inexact(),
          .exit_code = exit_code_of(replayed),
          .lost_before = replayed.record.lost_before,
          .groups = groups_of(replayed),
          .text = is_listed(replayed) ? text_of(replayed, format, style) : std::string()};
}

ReplayReport::ReplayReport(Format format, const Terminal& terminal) : format_(format), terminal_(terminal) {
  if (format_ == Format::Json)
    terminal_.out << R"({"apiVersion":"tegata.dev/v1alpha1","kind":"ReplayReport","items":[)";
}

void ReplayReport::add(const ReportEntry& entry) {
  ++records_;
  ++totals_[entry.comparison];
  if (entry.same_policy) ++same_policy_;
  if (entry.inexact) ++inexact_;
  lost_ += static_cast<std::uint64_t>(entry.lost_before);
  worst_ = graver(worst_, entry.exit_code);
  if (!entry.groups.empty()) group(entry);
  if (entry.text.empty()) return;
  ++printed_;
  if (format_ == Format::Json) terminal_.out << (printed_ > 1 ? ",\n" : "\n");
  terminal_.out << entry.text;
}

void ReplayReport::add(const Error& error) {
  ++unreadable_;
  worst_ = graver(worst_, ExitCode::BadInput);
  terminal_.err << "tegata replay: " << printable(error.message, 500) << "\n";
}

void ReplayReport::group(const ReportEntry& entry) {
  bool room = true;
  for (const auto& [key, why] : entry.groups) {
    if (groups_.size() >= limits::kReplayGroups && !groups_.contains(key)) {
      room = false;
      continue;
    }
    auto& group = groups_[key];
    ++group.records;
    group.reasons.insert(why.begin(), why.end());
  }
  if (!room) ++ungrouped_;
}

void ReplayReport::print_groups() const {
  if (groups_.empty()) return;
  auto& out = terminal_.out;
  out << "newlyDenied, by policy, rule, place and owner:\n";
  for (const auto& [key, group] : groups_) {
    const auto& [policy, rule, ns, account, cluster, owner] = key;
    out << "  " << group.records << "  policy " << printable(policy.empty() ? "(none)" : policy);
    if (!rule.empty()) out << ", rule " << printable(rule);
    if (!ns.empty()) out << ", namespace " << printable(ns);
    if (!account.empty()) out << ", account " << printable(account);
    if (!cluster.empty()) out << ", cluster " << printable(cluster);
    out << ", " << printable(owner) << ":";
    for (const auto& reason : group.reasons) out << " " << reason;
    out << "\n";
  }
  if (ungrouped_ > 0) out << "  " << ungrouped_ << " more records are in groups that are not shown\n";
}

json ReplayReport::groups_json() const {
  auto all = json::array();
  for (const auto& [key, group] : groups_) {
    const auto& [policy, rule, ns, account, cluster, owner] = key;
    all.push_back({{"policy", policy},
                   {"rule", or_null(rule)},
                   {"namespace", or_null(ns)},
                   {"account", or_null(account)},
                   {"cluster", or_null(cluster)},
                   {"owner", owner},
                   {"records", group.records},
                   {"reasons", group.reasons}});
  }
  return all;
}

void ReplayReport::finish() {
  if (format_ == Format::Json) {
    json summary{{"records", records_},
                 {"samePolicy", same_policy_},
                 {"inexact", inexact_},
                 {"unreadableLines", unreadable_},
                 {"lost", lost_}};
    for (const auto comparison : kComparisons)
      summary[std::string(name_of(comparison))] = totals_[comparison];
    summary["ungrouped"] = ungrouped_;
    terminal_.out << "],\n\"groups\":" << dump_line(groups_json()) << ",\n\"summary\":" << dump_line(summary)
                  << "}\n";
    return;
  }
  auto& out = terminal_.out;
  if (printed_ > 0) out << "\n";
  print_groups();
  out << records_ << " records, " << same_policy_ << " of this same policy:";
  for (const auto comparison : kComparisons)
    if (totals_[comparison] > 0) out << " " << totals_[comparison] << " " << name_of(comparison) << ",";
  out << " " << inexact_ << " inexact\n";
  if (totals_[Comparison::NotRecorded] > 0)
    out << "notRecorded: this policy requires facts that neither the record nor --evidence-dir contains "
           "(--observe records more, --evidence-dir keeps signatures)\n";
  if (lost_ > 0)
    out << lost_ << (lost_ == 1 ? " more decision was" : " more decisions were")
        << " made, whose records were lost: not judged here\n";
  if (unreadable_ > 0) out << unreadable_ << " lines could not be read\n";
}

ExitCode ReplayReport::exit_code() const { return worst_; }

}  // namespace tegata::webhook::cli
