// SPDX-License-Identifier: Apache-2.0
#include "webhook/audit/record_json.h"

#include <nlohmann/json.hpp>

#include "verifier/crypto/sha256.h"
#include "verifier/evidence/fact_record.h"
#include "webhook/audit/request_json.h"
#include "webhook/audit/request_words.h"
#include "webhook/audit/verdict_json.h"
#include "webhook/clock.h"

namespace tegata::webhook {
namespace {

using nlohmann::json;

constexpr std::string_view kApiVersion = "tegata.dev/v1alpha1";

json options_json(const policy::JudgeOptions& options) {
  return {{"mode", word_of(options.mode)},
          {"unmatched", word_of(options.unmatched)},
          {"budget", word_of(options.budget)},
          {"now", rfc3339(options.now)}};
}

json timings_json(const Timings& timings) {
  return {{"planMicroseconds", timings.plan.count()},
          {"gatherMicroseconds", timings.gather.count()},
          {"judgeMicroseconds", timings.judge.count()}};
}

}  // namespace

std::vector<Content> facts_contents(const GatheredFacts& facts) {
  std::vector<Content> contents;
  const auto add = [&](std::string text) {
    auto hash = verifier::sha256(text).hex();
    contents.push_back({std::move(hash), std::move(text)});
  };
  for (const auto& image : facts.images) add(verifier::facts_text(image));
  if (!facts.request.all().empty()) add(verifier::request_facts_text(facts.request));
  return contents;
}

std::string facts_line(const Content& facts) {
  std::string line = R"({"apiVersion":"tegata.dev/v1alpha1","kind":"Facts","hash":")";
  line.append(facts.hash).append(R"(","facts":)").append(facts.text).append("}");
  return line;
}

std::string evidence_line(std::string_view hash, std::string_view text) {
  return dump_line({{"apiVersion", kApiVersion}, {"kind", "Evidence"}, {"hash", hash}, {"text", text}});
}

std::string unconfirmed_line(const std::vector<std::string>& ids) {
  return dump_line({{"apiVersion", kApiVersion}, {"kind", "Unconfirmed"}, {"ids", ids}});
}

std::string unfinished_record_line(const DecisionRecord& record,
                                   const std::vector<std::string>& fact_hashes) {
  auto line = dump_line({{"apiVersion", kApiVersion},
                         {"kind", "DecisionRecord"},
                         {"id", record.id},
                         {"time", rfc3339(record.time)},
                         {"source", record.source},
                         {"request", to_json(record.reading)},
                         {"facts", fact_hashes},
                         {"verdict", to_json(record.verdict)},
                         {"policyHash", record.policy_hash},
                         {"options", options_json(record.options)},
                         {"timings", timings_json(record.timings)}});
  line.pop_back();
  return line;
}

std::string finished_record_line(std::string unfinished, std::uint64_t lost) {
  return std::move(unfinished.append(R"(,"lostBefore":)").append(std::to_string(lost)).append("}"));
}

}  // namespace tegata::webhook
