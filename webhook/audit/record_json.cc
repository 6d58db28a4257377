// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/record_json.h"

#include <charconv>
#include <optional>

#include "verifier/crypto/hash.h"
#include "verifier/evidence/fact_record.h"
#include "webhook/audit/member_reader.h"
#include "webhook/audit/request_json.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/clock.h"

namespace tegata::webhook {
namespace {

constexpr std::string_view kApiVersion = "tegata.dev/v1alpha1";

JsonText options_json(const policy::JudgeOptions& options) {
  return {{"budget", word_of(options.budget)},
          {"mode", word_of(options.mode)},
          {"now", rfc3339(options.now)},
          {"unmatched", word_of(options.unmatched)}};
}

JsonText timings_json(const Timings& timings) {
  return {{"gatherMicroseconds", timings.gather.count()},
          {"judgeMicroseconds", timings.judge.count()},
          {"planMicroseconds", timings.plan.count()}};
}

constexpr auto kOptionWord = [](auto value) { return word_of(value); };

/// Only the form that rfc3339() writes: `2026-11-22T13:07:22.123Z`.
std::optional<Time> time_of(std::string_view text) {
  const auto time = read_rfc3339(text, TimeForm::Strict);
  return time && rfc3339(*time) == text ? time : std::nullopt;
}

policy::JudgeOptions options_of(MemberReader& record) {
  MemberReader reader(record.object("options"), "options");
  policy::JudgeOptions options;
  options.mode = reader.choice("mode", std::span<const policy::Mode>(kModes), kOptionWord);
  options.unmatched = reader.choice("unmatched", std::span<const policy::Unmatched>(kUnmatched), kOptionWord);
  options.budget = reader.choice("budget", std::span<const policy::CallerBudget>(kBudgets), kOptionWord);
  if (const auto now = time_of(reader.text("now")))
    options.now = *now;
  else
    reader.fail("now", "is not a valid time");
  if (const auto read = reader.status(); !read.ok()) record.fail("options", read.error().message);
  return options;
}

}  // namespace

namespace {

Content content_of(std::string text) {
  auto hash = verifier::sha256(text).hex();
  return {std::move(hash), std::move(text)};
}

}  // namespace

std::vector<Content> facts_contents(const GatheredFacts& facts) {
  std::vector<Content> contents;
  for (const auto& image : facts.images) contents.push_back(content_of(verifier::facts_text(image)));
  if (auto request = request_facts_content(facts)) contents.push_back(*std::move(request));
  return contents;
}

std::optional<Content> request_facts_content(const GatheredFacts& facts) {
  if (facts.request.all().empty()) return std::nullopt;
  return content_of(verifier::request_facts_text(facts.request));
}

std::string facts_line(const Content& facts) {
  std::string line = R"({"apiVersion":"tegata.dev/v1alpha1","kind":"Facts","hash":")";
  line.append(facts.hash).append(R"(","facts":)").append(facts.text).append("}");
  return line;
}

std::string evidence_line(std::string_view hash, std::string_view text) {
  return JsonText({{"apiVersion", kApiVersion}, {"kind", "Evidence"}, {"hash", hash}, {"text", text}}).text();
}

std::string unconfirmed_line(const std::vector<std::string>& ids) {
  return JsonText({{"apiVersion", kApiVersion}, {"kind", "Unconfirmed"}, {"ids", JsonText::list(ids)}})
      .text();
}

std::string unfinished_record_line(const DecisionRecord& record,
                                   const std::vector<std::string>& fact_hashes) {
  auto line = JsonText({{"apiVersion", kApiVersion},
                        {"client", record.client.empty() ? JsonText::absent() : JsonText(record.client)},
                        {"facts", JsonText::list(fact_hashes)},
                        {"id", record.id},
                        {"kind", "DecisionRecord"},
                        {"options", options_json(record.options)},
                        {"policyHash", record.policy_hash},
                        {"request", json_text(record.reading)},
                        {"source", record.source},
                        {"time", rfc3339(record.time)},
                        {"timings", timings_json(record.timings)},
                        {"traceId", record.trace_id.empty() ? JsonText::absent() : JsonText(record.trace_id)},
                        {"verdict", json_text(record.verdict)}})
                  .text();
  line.pop_back();
  return line;
}

std::string finished_record_line(std::string unfinished, std::uint64_t lost) {
  return std::move(unfinished.append(R"(,"lostBefore":)").append(std::to_string(lost)).append("}"));
}

namespace {

/// All members of a record but these: `verdict` and `lostBefore`.
Result<RecordedDecision> record_without_verdict(const MemberReader::Element& line) {
  MemberReader reader(line, "record");
  RecordedDecision record{};
  record.id = reader.text("id");
  record.time = reader.text("time");
  record.source = reader.text("source");
  record.facts = reader.texts("facts");
  record.policy_hash = reader.text("policyHash");
  record.options = options_of(reader);
  if (reader.text("apiVersion") != kApiVersion) reader.fail("apiVersion", "is another version");
  if (reader.text("kind") != "DecisionRecord") reader.fail("kind", "is not DecisionRecord");
  const auto request = reader.object("request");
  TEGATA_CHECK(reader.status());
  TEGATA_TRY(record.reading, reading_from_json(request));
  return record;
}

/// A line as finished_record_line() writes it, taken apart: `head` is an object of the members before the
/// last two.
struct WrittenRecord {
  std::string head;
  std::string_view verdict;
  std::int64_t lost = 0;
};

/// None for a line of another form. A quote in a JSON string is always escaped, so the marks below are
/// outside strings; and if what precedes them is one object with its end added, they are its own members.
std::optional<WrittenRecord> take_apart(std::string_view line) {
  constexpr std::string_view kVerdict = R"(,"verdict":)";
  constexpr std::string_view kLost = R"(,"lostBefore":)";
  const auto verdict = line.find(kVerdict);
  const auto lost = line.rfind(kLost);
  if (verdict == line.npos || lost == line.npos || lost < verdict || !line.ends_with('}'))
    return std::nullopt;
  WrittenRecord written{std::string(line.substr(0, verdict)).append("}"), {}, 0};
  const auto begin = verdict + kVerdict.size();
  written.verdict = line.substr(begin, lost - begin);
  const auto* digits = line.data() + lost + kLost.size();
  const auto* end = line.data() + line.size() - 1;
  const auto [stop, error] = std::from_chars(digits, end, written.lost);
  const bool whole = error == std::errc() && stop == end && (*digits != '0' || digits + 1 == end);
  if (!whole || written.lost < 0) return std::nullopt;
  return written;
}

}  // namespace

Result<RecordedDecision> record_from_line(std::string_view line) {
  static thread_local StrictDocument document;
  if (const auto written = take_apart(line))
    if (const auto head = document.parse(written->head);
        head.ok() && head->at_key("lostBefore").error() == simdjson::NO_SUCH_FIELD) {
      TEGATA_TRY(auto record, record_without_verdict(*head));
      record.verdict = written->verdict;
      record.lost_before = written->lost;
      return record;
    }
  TEGATA_TRY(const auto form, document.parse(line));
  TEGATA_TRY(auto record, record_without_verdict(form));
  MemberReader reader(form, "record");
  if (const auto verdict = reader.object("verdict")) record.verdict = simdjson::minify(*verdict);
  record.lost_before = reader.count("lostBefore");
  TEGATA_CHECK(reader.status());
  return record;
}

}  // namespace tegata::webhook
