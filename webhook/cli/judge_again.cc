// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/judge_again.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "policy/model/limits.h"
#include "webhook/audit/member_reader.h"
#include "webhook/audit/verdict_json.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;
namespace dom = simdjson::dom;

Outcome outcome_of(const Verdict& verdict) {
  Outcome outcome{std::string(name_of(verdict.decision)), std::string(name_of(verdict.would_be)), {}};
  for (const Reason reason : verdict.reasons) outcome.reasons.emplace_back(name_of(reason));
  return outcome;
}

/// A recorded verdict, as far as it is compared with another.
struct RecordedOutcome {
  Outcome outcome;
  dom::element form;         ///< in the document
  bool own_failure = false;  ///< an internal error caused it
};

Result<RecordedOutcome> recorded_outcome(const RecordedDecision& record, StrictDocument& document) {
  TEGATA_TRY(const auto form, document.parse(record.verdict));
  MemberReader reader(form, "record " + record.id + ": verdict");
  RecordedOutcome recorded{{reader.text("decision"), reader.text("wouldBe"), reader.texts("reasons")}, form};
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

/// Whether the verdict depends on facts that were not recorded. Then it proves nothing, unless it would be a
/// denial without them, too.
bool rests_on_not_recorded(const Verdict& verdict) {
  if (std::none_of(verdict.findings.begin(), verdict.findings.end(), is_not_recorded)) return false;
  return std::all_of(verdict.reasons.begin(), verdict.reasons.end(),
                     [](Reason reason) { return reason == Reason::NotRecorded; });
}

bool is_words(std::string_view member) {
  for (const auto* words : {"expected", "found", "remedy", "message", "warnings"})
    if (member == words) return true;
  return false;
}

/// A finding without the texts for people, which other versions word differently.
json without_words(json form) {
  for (const auto* words : {"expected", "found", "remedy", "message", "warnings"}) form.erase(words);
  return form;
}

bool differ_in_words(dom::element was, dom::element now);

bool lists_differ_in_words(dom::array was, dom::array now) {
  if (was.size() != now.size()) return false;
  auto other = now.begin();
  for (const auto element : was) {
    if (!differ_in_words(element, *other)) return false;
    ++other;
  }
  return true;
}

/// Whether two verdicts, or two of their findings, are the same but for the texts for people.
bool differ_in_words(dom::element was, dom::element now) {
  dom::object a;
  dom::object b;
  if (was.get(a) != simdjson::SUCCESS || now.get(b) != simdjson::SUCCESS) return false;
  std::size_t members = 0;
  for (const auto member : a) {
    if (is_words(member.key)) continue;
    ++members;
    dom::element other;
    if (b.at_key(member.key).get(other) != simdjson::SUCCESS) return false;
    const bool findings = member.key == "findings" && member.value.is_array() && other.is_array();
    const bool same = findings ? lists_differ_in_words(dom::array(member.value), dom::array(other))
                               : kubernetes::same_json(member.value, other);
    if (!same) return false;
  }
  for (const auto member : b) members -= is_words(member.key) ? 0 : 1;
  return members == 0;
}

/// The rule and the field of a finding.
json place_of(const json& finding) {
  return {finding.value("policy", json()), finding.value("rule", json()), finding.value("fieldPath", json())};
}

/// Whether the findings agree wherever the facts are available: all except those of a rule and field that has
/// a NotRecorded finding now. Digests are not compared, because the digest of a tag may be unavailable.
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

/// Whether the verdict of the same time says the same in other words.
bool is_reworded(const RecordedOutcome& recorded, const Replayed& replayed) {
  if (recorded.outcome != replayed.now) return false;
  static thread_local StrictDocument document;
  const auto now = document.parse(replayed.verdict_text);
  return now.ok() && differ_in_words(recorded.form, *now);
}

Comparison compared(const RecordedOutcome& recorded, const Replayed& replayed) {
  const auto& verdict = replayed.verdict;
  const bool open = std::any_of(verdict.findings.begin(), verdict.findings.end(), is_not_recorded);
  if (recorded.own_failure) return Comparison::OwnFailure;
  if (replayed.same_policy && open &&
      agree_where_recorded(json::parse(replayed.record.verdict), json::parse(replayed.verdict_text)))
    return Comparison::NotRecorded;
  if (!replayed.same_policy && rests_on_not_recorded(verdict)) return Comparison::NotRecorded;
  if (is_reworded(recorded, replayed)) return Comparison::Reworded;
  return compared(recorded.outcome, replayed.now);
}

}  // namespace

Result<Replayed> JudgeAgain::operator()(const RecordLine& line) {
  TEGATA_TRY(auto record, record_of(line));
  TEGATA_TRY(auto facts, facts_of(record));
  auto verdict = engine_.decide(record.reading, std::move(facts), record.options);
  auto text = json_text(verdict).text();
  Replayed replayed{.record = std::move(record),
                    .verdict = std::move(verdict),
                    .verdict_text = std::move(text),
                    .was = {},
                    .now = {},
                    .same_policy = false,
                    .comparison = Comparison::Exact};
  replayed.now = outcome_of(replayed.verdict);
  replayed.same_policy = replayed.record.policy_hash == engine_.policies().hash;
  if (replayed.verdict_text == replayed.record.verdict) {
    replayed.was = replayed.now;
    if (rests_on_not_recorded(replayed.verdict)) replayed.comparison = Comparison::NotRecorded;
    return replayed;
  }
  static thread_local StrictDocument document;
  TEGATA_TRY(auto recorded, recorded_outcome(replayed.record, document));
  replayed.comparison = compared(recorded, replayed);
  replayed.was = std::move(recorded.outcome);
  return replayed;
}

/// Facts that the file does not contain are left out: rules that require them give NotRecorded.
Result<ReplayEngine::AllFacts> JudgeAgain::facts_of(const RecordedDecision& record) {
  ReplayEngine::AllFacts all;
  for (const auto& hash : record.facts) {
    auto one = facts(hash);
    if (!one.ok()) return one.error().in("record " + record.id);
    if (*one != nullptr) all.push_back(*std::move(one));
  }
  return all;
}

Result<ReplayEngine::AllFacts::value_type> JudgeAgain::facts(const std::string& hash) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_facts_.find(hash); known != known_facts_.end()) return known->second;
  }
  const auto form = contents_.facts(hash);
  if (!form.ok() && form.error().code == ErrorCode::NotFound) return ReplayEngine::AllFacts::value_type();
  if (!form.ok()) return form.error();
  TEGATA_TRY(auto read, engine_.facts(*form));
  const std::lock_guard lock(mutex_);
  if (known_facts_.size() >= limits::kReplayFacts) known_facts_.clear();
  known_facts_.emplace(hash, read);
  return read;
}

}  // namespace tegata::webhook::cli
