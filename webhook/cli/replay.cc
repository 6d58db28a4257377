// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/replay.h"

#include <algorithm>
#include <nlohmann/json.hpp>

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
};

Result<RecordedOutcome> recorded_outcome(const RecordedDecision& record) {
  TEGATA_TRY(const auto form, verifier::parse_strict_json(record.verdict));
  MemberReader reader(form, "record " + record.id + ": verdict");
  RecordedOutcome recorded{{reader.text("decision"), reader.text("wouldBe"), reader.texts("reasons")}, false};
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

Comparison compared(const Outcome& was, const Outcome& now) {
  if (was == now) return Comparison::SameOutcome;
  for (const auto part : {&Outcome::decision, &Outcome::would_be}) {
    if (was.*part == now.*part) continue;
    if (now.*part == "deny") return Comparison::NewlyDenied;
    if (was.*part == "deny") return Comparison::NewlyAllowed;
  }
  return Comparison::OtherwiseChanged;
}

}  // namespace

std::string_view name_of(Comparison comparison) noexcept {
  switch (comparison) {
    case Comparison::Exact:
      return "exact";
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
  if (dump_line(to_json(replayed.verdict)) == replayed.record.verdict) {
    replayed.was = replayed.now;
    if (rests_on_not_recorded(replayed.verdict)) replayed.comparison = Comparison::NotRecorded;
    return replayed;
  }
  TEGATA_TRY(auto recorded, recorded_outcome(replayed.record));
  replayed.was = std::move(recorded.outcome);
  if (recorded.own_failure)
    replayed.comparison = Comparison::OwnFailure;
  else if (rests_on_not_recorded(replayed.verdict))
    replayed.comparison = Comparison::NotRecorded;
  else
    replayed.comparison = compared(replayed.was, replayed.now);
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
