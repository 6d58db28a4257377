// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/replay.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "verifier/json/strict_json.h"
#include "webhook/audit/member_reader.h"
#include "webhook/audit/verdict_json.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kKnownFacts = 4096;  // parsed ones that are kept: one Deployment makes many records

Outcome outcome_of(const Verdict& verdict) {
  Outcome outcome{std::string(name_of(verdict.decision)), std::string(name_of(verdict.would_be)), {}};
  for (const Reason reason : verdict.reasons) outcome.reasons.emplace_back(name_of(reason));
  return outcome;
}

/// A recorded verdict, and whether it was about a failure of our own.
struct RecordedOutcome {
  Outcome outcome;
  bool own_failure = false;
  json verdict;
};

Result<RecordedOutcome> recorded_outcome(const RecordedDecision& record) {
  TEGATA_TRY(const auto form, verifier::parse_strict_json(record.verdict));
  MemberReader reader(form, "record " + record.id + ": verdict");
  RecordedOutcome recorded{
      {reader.text("decision"), reader.text("wouldBe"), reader.texts("reasons")}, false, form};
  for (const auto& finding : reader.array("findings")) {
    MemberReader each(finding, "record " + record.id + ": finding");
    if (each.text("policy").empty() && each.text("reason") == name_of(Reason::InternalError))
      recorded.own_failure = true;
    TEGATA_CHECK(each.status());
  }
  TEGATA_CHECK(reader.status());
  return recorded;
}

bool is_not_recorded(const Finding& finding) { return finding.reason == Reason::NotRecorded; }

/// Whether a verdict rests on what was not recorded: then it proves nothing, unless it would be a
/// denial without that, too.
bool rests_on_not_recorded(const Verdict& verdict) {
  if (std::none_of(verdict.findings.begin(), verdict.findings.end(), is_not_recorded)) return false;
  return std::all_of(verdict.reasons.begin(), verdict.reasons.end(),
                     [](Reason reason) { return reason == Reason::NotRecorded; });
}

/// A finding or verdict without what is written for people, which other versions word differently.
json without_words(json form) {
  for (const auto* words : {"expected", "found", "remedy", "message", "warnings"}) form.erase(words);
  return form;
}

bool is_reworded(const json& was, const json& now) {
  auto a = without_words(was);
  auto b = without_words(now);
  for (auto* form : {&a, &b})
    for (auto& finding : (*form)["findings"]) finding = without_words(std::move(finding));
  return a == b;
}

/// Which rule speaks of what.
json place_of(const json& finding) {
  return {finding.value("policy", json()), finding.value("rule", json()), finding.value("fieldPath", json())};
}

/// Whether the findings agree wherever the facts are at hand: all but those of a rule and place that
/// has a NotRecorded finding now. Digests are not compared, since a tag may be among what is not at hand.
bool agree_where_recorded(const json& was, const json& now) {
  std::set<json> open;
  for (const auto& finding : now["findings"])
    if (finding["reason"] == name_of(Reason::NotRecorded)) open.insert(place_of(finding));
  const auto judged = [&](const json& verdict) {
    auto kept = json::array();
    for (const auto& finding : verdict["findings"]) {
      if (open.contains(place_of(finding))) continue;
      kept.push_back(without_words(finding));
      kept.back().erase("digest");
    }
    return kept;
  };
  return judged(was) == judged(now);
}

Comparison compared(const Outcome& was, const Outcome& now) {
  if (was == now) return Comparison::SameOutcome;
  for (const auto part : {&Outcome::decision, &Outcome::would_be}) {
    if (was.*part == now.*part) continue;
    if (now.*part == "deny") return Comparison::NewlyDenied;
    if (was.*part == "deny") return Comparison::NewlyAllowed;
  }
  return Comparison::OtherwiseChanged;
}

Comparison compared(const RecordedOutcome& recorded, const Replayed& replayed, const json& now) {
  const auto& findings = replayed.verdict.findings;
  const bool open = std::any_of(findings.begin(), findings.end(), is_not_recorded);
  if (recorded.own_failure) return Comparison::OwnFailure;
  if (replayed.same_policy && open && agree_where_recorded(recorded.verdict, now))
    return Comparison::NotRecorded;
  if (!replayed.same_policy && rests_on_not_recorded(replayed.verdict)) return Comparison::NotRecorded;
  if (is_reworded(recorded.verdict, now)) return Comparison::Reworded;
  return compared(recorded.outcome, replayed.now);
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

Result<Replayed> Replay::judge_again(RecordedDecision record) {
  TEGATA_TRY(const auto facts, facts_of(record));
  TEGATA_TRY(auto verdict, engine_.decide(record.reading, facts, record.options));
  Replayed replayed{.record = std::move(record),
                    .verdict = std::move(verdict),
                    .was = {},
                    .now = {},
                    .same_policy = false,
                    .comparison = Comparison::Exact};
  replayed.now = outcome_of(replayed.verdict);
  replayed.same_policy = replayed.record.policy_hash == engine_.policies().hash;
  const auto now = to_json(replayed.verdict);
  if (dump_line(now) == replayed.record.verdict) {
    replayed.was = replayed.now;
    if (rests_on_not_recorded(replayed.verdict)) replayed.comparison = Comparison::NotRecorded;
    return replayed;
  }
  TEGATA_TRY(auto recorded, recorded_outcome(replayed.record));
  replayed.comparison = compared(recorded, replayed, now);
  replayed.was = std::move(recorded.outcome);
  return replayed;
}

/// Facts that the file does not hold are left out: what asks for them is NotRecorded then.
Result<json> Replay::facts_of(const RecordedDecision& record) {
  json all = json::array();
  for (const auto& hash : record.facts) {
    auto known = known_facts_.find(hash);
    if (known == known_facts_.end()) {
      auto facts = audit_.facts(hash);
      if (!facts.ok() && facts.error().code == ErrorCode::NotFound) continue;
      if (!facts.ok()) return facts.error().in("record " + record.id);
      if (known_facts_.size() >= kKnownFacts) known_facts_.clear();
      known = known_facts_.emplace(hash, *std::move(facts)).first;
    }
    all.push_back(known->second);
  }
  return all;
}

}  // namespace tegata::webhook::cli
