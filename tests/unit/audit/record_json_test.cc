// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/record_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/audit/sample_records.h"
#include "webhook/audit/request_json.h"
#include "webhook/audit/verdict_json.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

json line_of(const DecisionRecord& record, std::uint64_t lost) {
  return json::parse(finished_record_line(unfinished_record_line(record, {"h1", "h2"}), lost));
}

/// With its members in another order than they are written, so that all of the line is parsed.
Result<RecordedDecision> record_from_json(const json& form) { return record_from_line(form.dump()); }

TEST(RecordJson, HoldsWhatReplayNeeds) {
  const auto record = sample_record("01J");
  const auto read = record_from_json(line_of(record, 3));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->id, "01J");
  EXPECT_EQ(read->time, "2026-11-22T13:07:22.123Z");
  EXPECT_EQ(read->source, "serve");
  EXPECT_EQ(read->facts, (std::vector<std::string>{"h1", "h2"}));
  EXPECT_EQ(read->policy_hash, record.policy_hash);
  EXPECT_EQ(read->options.mode, policy::Mode::DryRun);
  EXPECT_EQ(read->options.unmatched, policy::Unmatched::Warn);
  EXPECT_EQ(read->options.budget, policy::CallerBudget::BelowMinimum);
  EXPECT_EQ(read->options.now, record.options.now);
  EXPECT_EQ(read->lost_before, 3);
  EXPECT_EQ(read->verdict, dump_line(to_json(record.verdict)));
  EXPECT_EQ(to_json(read->reading), to_json(record.reading));
}

TEST(RecordJson, IsOneLine) {
  auto record = sample_record("01J");
  record.source = "a\nb";
  const auto line = finished_record_line(unfinished_record_line(record, {}), 0);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(evidence_line("h", "a\nb").find('\n'), std::string::npos);
}

TEST(RecordJson, IsTheGoldenLine) {
  auto record = sample_record("01KB0TEST0000000000000000A");
  record.reading = IgnoredRequest{Reason::ScaleOnly, "replicas only"};
  record.verdict = Verdict{};
  record.verdict.decision = Decision::Ignored;
  record.verdict.would_be = Decision::Allow;
  record.verdict.reasons = {Reason::ScaleOnly};
  EXPECT_EQ(
      finished_record_line(unfinished_record_line(record, {}), 0),
      R"({"apiVersion":"tegata.dev/v1alpha1","facts":[],"id":"01KB0TEST0000000000000000A",)"
      R"("kind":"DecisionRecord","options":{"budget":"belowMinimum","mode":"dryrun",)"
      R"("now":"2026-11-22T13:07:22.123Z","unmatched":"warn"},)"
      R"("policyHash":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee",)"
      R"("request":{"ignored":{"detail":"replicas only","reason":"ScaleOnly","who":null}},)"
      R"("source":"serve","time":"2026-11-22T13:07:22.123Z",)"
      R"("timings":{"gatherMicroseconds":2200,"judgeMicroseconds":7,"planMicroseconds":11},)"
      R"("verdict":{"decision":"ignored","exemptions":[],"findings":[],"images":[],"reasons":["ScaleOnly"],"rules":[],)"
      R"("warnings":[],"wouldBe":"allow"},"lostBefore":0})");
}

TEST(RecordJson, TellsTheTraceOfTheCallerAndReplayIgnoresIt) {
  auto record = sample_record("01J");
  EXPECT_FALSE(line_of(record, 0).contains("traceId"));
  record.trace_id = "0af7651916cd43dd8448eb211c80319c";
  const auto line = line_of(record, 0);
  EXPECT_EQ(line["traceId"], record.trace_id);
  EXPECT_TRUE(record_from_json(line).ok());
}

std::string written(std::uint64_t lost) {
  return finished_record_line(unfinished_record_line(sample_record("01J"), {"h1", "h2"}), lost);
}

TEST(RecordJson, ReadsALineWithoutParsingItsVerdict) {
  for (const std::uint64_t lost : {0U, 7U}) {
    const auto whole = record_from_json(json::parse(written(lost)));
    const auto read = record_from_line(written(lost));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->verdict, whole->verdict);
    EXPECT_EQ(read->lost_before, static_cast<std::int64_t>(lost));
    EXPECT_EQ(read->id, whole->id);
    EXPECT_EQ(to_json(read->reading), to_json(whole->reading));
  }
}

TEST(RecordJson, ReadsALineWithItsMembersInAnotherOrder) {
  const auto form = json::parse(written(3));
  nlohmann::ordered_json other;
  for (const auto* name : {"verdict", "lostBefore"}) other[name] = form[name];
  for (const auto& [name, value] : form.items()) other[name] = value;
  const auto read = record_from_line(other.dump(-1));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->verdict, dump_line(form["verdict"]));
  EXPECT_EQ(read->lost_before, 3);
}

TEST(RecordJson, RefusesALineThatIsNotOneRecord) {
  const auto line = written(3);
  const auto with = [&](const std::string& what, const std::string& instead) {
    auto changed = line;
    return changed.replace(changed.find(what), what.size(), instead);
  };
  const std::vector<std::string> refused{
      line.substr(0, line.size() - 1),
      line + "}",
      line.substr(0, line.find(",\"verdict\"")),
      with("\"lostBefore\":3", "\"lostBefore\":-3"),
      with("\"lostBefore\":3", "\"lostBefore\":03"),
      with("\"lostBefore\":3", "\"lostBefore\":3.5"),
      with("\"lostBefore\":3", "\"lostBefore\":9223372036854775808"),
      with("\"lostBefore\":3", "\"lostBefore\":"),
      with("{\"apiVersion\"", "{\"lostBefore\":1,\"apiVersion\""),
      with("{\"apiVersion\"", "{\"id\":\"x\",\"apiVersion\""),
      with("tegata.dev/v1alpha1", "tegata.dev/v2"),
      with("DecisionRecord", "DecisionRecords"),
  };
  for (const auto& text : refused) EXPECT_FALSE(record_from_line(text).ok()) << text;
}

TEST(RecordJson, TakesNoTextForTheEndOfARecord) {
  auto record = sample_record("01J");
  auto request = std::get<DeploymentRequest>(record.reading);
  request.name = R"(x","verdict":{},"lostBefore":9})";
  record.reading = request;
  record.verdict.warnings = {R"(","lostBefore":8})"};
  const auto line = finished_record_line(unfinished_record_line(record, {}), 5);
  const auto read = record_from_line(line);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->lost_before, 5);
  EXPECT_EQ(std::get<DeploymentRequest>(read->reading).name, request.name);
  EXPECT_EQ(read->verdict, dump_line(to_json(record.verdict)));
}

TEST(RecordJson, RefusesARecordWithOneMemberLessOrOfAnotherType) {
  const auto whole = line_of(sample_record("01J"), 0);
  for (const char* key :
       {"id", "time", "source", "request", "facts", "verdict", "policyHash", "options", "lostBefore"}) {
    auto less = whole;
    less.erase(key);
    EXPECT_FALSE(record_from_json(less).ok()) << key;
    auto other = whole;
    other[key] = true;
    EXPECT_FALSE(record_from_json(other).ok()) << key;
  }
  for (const char* key : {"mode", "unmatched", "budget", "now"}) {
    auto less = whole;
    less["options"].erase(key);
    EXPECT_FALSE(record_from_json(less).ok()) << key;
    auto other = whole;
    other["options"][key] = "whenever";
    EXPECT_FALSE(record_from_json(other).ok()) << key;
  }
  auto negative = whole;
  negative["lostBefore"] = -1;
  EXPECT_FALSE(record_from_json(negative).ok());
}

TEST(RecordJson, ReadsNoTimeThatIsNone) {
  for (const char* text :
       {"2026-13-22T13:07:22.123Z", "2026-02-30T13:07:22.123Z", "2026-11-22T24:07:22.123Z",
        "2026-11-22T13:60:22.123Z", "2026-11-22T13:07:60.123Z", "2026-11-22T13:07:22Z",
        "2026-11-22 13:07:22.123Z", "2026-11-22T13:07:22.123+", "-026-11-22T13:07:22.123Z"}) {
    auto form = line_of(sample_record("01J"), 0);
    form["options"]["now"] = text;
    EXPECT_FALSE(record_from_json(form).ok()) << text;
  }
}

TEST(FactsContent, IsNamedByItsOwnBytes) {
  const auto one = facts_contents({{sample_facts("registry.example/a:1", "{}")}}).at(0);
  const auto same = facts_contents({{sample_facts("registry.example/a:1", "{}")}}).at(0);
  const auto other = facts_contents({{sample_facts("registry.example/b:1", "{}")}}).at(0);
  EXPECT_EQ(one.hash, same.hash);
  EXPECT_NE(one.hash, other.hash);
  const auto line = json::parse(facts_line(one));
  EXPECT_EQ(line["kind"], "Facts");
  EXPECT_EQ(line["hash"], one.hash);
  EXPECT_EQ(dump_line(line["facts"]), one.text);
}

}  // namespace
}  // namespace tegata::webhook
