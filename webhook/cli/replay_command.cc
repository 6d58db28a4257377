// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/subcommands.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <unordered_map>

#include "verifier/evidence/evidence_store.h"
#include "verifier/json/strict_json.h"
#include "webhook/audit/audit_reader.h"
#include "webhook/audit/member_reader.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/cli/read_input.h"
#include "webhook/cli/replay_report.h"
#include "webhook/engine/engine.h"

namespace tegata::webhook::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kKnownFacts = 4096;  // parsed facts that are kept: one Deployment makes many records

Outcome outcome_of(const Verdict& verdict) {
  Outcome outcome{std::string(name_of(verdict.decision)), std::string(name_of(verdict.would_be)), {}};
  for (const Reason reason : verdict.reasons) outcome.reasons.emplace_back(name_of(reason));
  return outcome;
}

/// A recorded verdict, and whether an internal error caused it.
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

/// Whether the verdict depends on facts that were not recorded. Then it proves nothing, unless it would be a
/// denial without them, too.
bool rests_on_not_recorded(const Verdict& verdict) {
  if (std::none_of(verdict.findings.begin(), verdict.findings.end(), is_not_recorded)) return false;
  return std::all_of(verdict.reasons.begin(), verdict.reasons.end(),
                     [](Reason reason) { return reason == Reason::NotRecorded; });
}

/// A finding or verdict without the texts for people, which other versions word differently.
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

/// Judges records again, with the recorded time and options, under the current policies.
class Replay {
 public:
  Replay(ReplayEngine& engine, const AuditReader& audit) : engine_(engine), audit_(audit) {}

  /// Malformed if the record's facts or its verdict are not valid.
  [[nodiscard]] Result<Replayed> judge_again(RecordedDecision record);

 private:
  [[nodiscard]] Result<nlohmann::json> facts_of(const RecordedDecision& record);

  ReplayEngine& engine_;
  const AuditReader& audit_;
  std::unordered_map<std::string, nlohmann::json> known_facts_;
};

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
  if (json_text(replayed.verdict).text() == replayed.record.verdict) {
    replayed.was = replayed.now;
    if (rests_on_not_recorded(replayed.verdict)) replayed.comparison = Comparison::NotRecorded;
    return replayed;
  }
  TEGATA_TRY(auto recorded, recorded_outcome(replayed.record));
  replayed.comparison = compared(recorded, replayed, to_json(replayed.verdict));
  replayed.was = std::move(recorded.outcome);
  return replayed;
}

/// Facts that the file does not contain are left out: rules that require them give NotRecorded.
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

ExitCode refuse_replay(const Terminal& terminal, const std::string& why) {
  terminal.err << "tegata replay: " << why << "\n";
  return ExitCode::Usage;
}

/// Null if no folder is given.
Result<std::shared_ptr<const verifier::EvidenceStore>> open_store(const std::string& folder) {
  if (folder.empty()) return std::shared_ptr<const verifier::EvidenceStore>();
  std::error_code ignored;
  // Opening a store creates its folder, and a new empty folder would look as if evidence were lost.
  if (!std::filesystem::is_directory(folder, ignored))
    return Error{ErrorCode::NotFound, "--evidence-dir " + folder + ": this folder does not exist"};
  TEGATA_TRY(auto store, verifier::EvidenceStore::open(folder));
  return std::shared_ptr<const verifier::EvidenceStore>(std::move(store));
}

void show_progress(const AuditReader& audit, std::uint64_t records, const Terminal& terminal) {
  if (!terminal.shows_progress || records % 1000 != 0 || audit.lines().bytes() == 0) return;
  terminal.err << "\r" << records << " records, " << audit.lines().bytes_read() * 100 / audit.lines().bytes()
               << " %" << std::flush;
}

}  // namespace

ExitCode run_replay(const ReplayOptions& options, const Terminal& terminal) {
  const auto policies = load_policy(options.policy, options.trusted_root, terminal);
  if (!policies) return ExitCode::Usage;
  auto audit = AuditReader::open(options.audit);
  if (!audit.ok()) return refuse_replay(terminal, audit.error().message);
  const auto store = open_store(options.evidence_dir);
  if (!store.ok()) return refuse_replay(terminal, store.error().message);

  const auto text_of = [&](const std::string& hash) -> std::shared_ptr<const std::string> {
    auto text = audit->evidence(hash);
    return text.ok() ? std::make_shared<const std::string>(*std::move(text)) : nullptr;
  };
  ReplayEngine engine(*policies, text_of, *store);
  Replay replay(engine, *audit);
  ReplayReport report(options.format, terminal);
  std::uint64_t lost = 0;
  while (auto record = audit->next()) {
    if (!record->ok()) {
      report.add(record->error().in(options.audit));
      continue;
    }
    lost += static_cast<std::uint64_t>((*record)->lost_before);
    const auto replayed = replay.judge_again(**std::move(record));
    if (replayed.ok())
      report.add(*replayed);
    else
      report.add(replayed.error().in(options.audit));
    show_progress(*audit, report.records(), terminal);
  }
  if (terminal.shows_progress && report.records() >= 1000) terminal.err << "\r\x1b[K" << std::flush;
  report.finish(lost);
  return report.exit_code();
}

}  // namespace tegata::webhook::cli
