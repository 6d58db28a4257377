// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_record.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/json/strict_json.h"

namespace tegata::verifier {

using nlohmann::json;

std::string valid_utf8(std::string text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
  if (ascii) return text;
  return json::parse(compact(json(std::move(text)))).get<std::string>();
}

std::string compact(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json error_json(const Error& error) {
  return {{"code", std::string(name_of(error.code))}, {"message", valid_utf8(error.message)}};
}

std::optional<Error> read_error(const json& value) {
  const auto name = string_member(value, "code");
  const auto message = string_member(value, "message");
  if (!name.ok() || !message.ok() || !*name || !*message) return std::nullopt;
  const auto code = error_code_of(**name);
  if (!code) return std::nullopt;
  return Error{*code, **message};
}

namespace {

using nlohmann::json;

Error malformed_record(const std::string& what) { return Error::malformed("recorded facts: " + what); }

/// In the spelling in which a parsed record is written again, since the hash is computed over that text.
std::string record_of(const std::string& question, const std::string& state) {
  return compact(json::parse("{" + question + (question.empty() ? "" : ",") + state + "}"));
}

/// The facts of one kind: one fact, or all of them as a list.
std::string kind_text(const Facts& facts, const KindId& kind) {
  std::string texts;
  for (const auto& entry : facts.all()) {
    if (&entry.question.kind() != &kind) continue;
    if (!texts.empty()) texts += ",";
    texts += entry.answer->record;
  }
  return kind.once ? texts : "[" + texts + "]";
}

/// `subject` and the kinds, sorted by name.
std::string subject_text(std::string_view subject, std::string value, const Facts& facts) {
  std::map<std::string_view, std::string> members;
  members.emplace(subject, std::move(value));
  for (const auto& entry : facts.all()) {
    const auto& kind = entry.question.kind();
    if (members.find(kind.name) == members.end()) members.emplace(kind.name, kind_text(facts, kind));
  }
  std::string text;
  for (const auto& [name, member] : members)
    text.append(text.empty() ? "{\"" : ",\"").append(name).append("\":").append(member);
  return text + "}";
}

}  // namespace

std::string known_record(const std::string& question, const std::string& value) {
  return record_of(question, "\"known\":" + value);
}

std::string absent_record(const std::string& question) { return record_of(question, "\"absent\":true"); }

std::string unknown_record(const std::string& question, const Unknown& unknown,
                           const std::string& last_value) {
  auto state = "\"unknown\":" + compact(error_json(unknown.error));
  if (unknown.last)
    state += ",\"lastKnown\":{\"known\":" + last_value +
             ",\"at\":" + std::to_string(unknown.last->at.time_since_epoch().count()) + "}";
  return record_of(question, state);
}

std::string facts_text(const ImageFacts& facts) {
  return subject_text("image", compact(json(facts.image)), facts.facts);
}

std::string request_facts_text(const Facts& facts) { return subject_text("request", "true", facts); }

Result<ReadFact> read_fact(const json& element) {
  ReadFact fact;
  if (!element.is_object()) return malformed_record("a fact must be an object");
  if (const auto* known = member(element, "known")) {
    fact.known = known;
    return fact;
  }
  if (const auto* unknown = member(element, "unknown")) {
    auto error = read_error(*unknown);
    if (!error) return malformed_record("an error without a known code or a message");
    fact.unknown = Unknown{*std::move(error)};
    if (const auto* last = member(element, "lastKnown")) {
      const auto* at = member(*last, "at");
      fact.last_known = member(*last, "known");
      if (fact.last_known == nullptr || at == nullptr || !at->is_number_integer())
        return malformed_record("lastKnown without its value or its time");
      fact.last_known_at = Time(std::chrono::milliseconds(at->get<std::int64_t>()));
    }
    return fact;
  }
  if (member(element, "absent") == nullptr) return malformed_record("a fact is known, absent or unknown");
  return fact;
}

Result<std::vector<const json*>> recorded_elements(const json& subject, const KindId& kind) {
  std::vector<const json*> elements;
  const auto* recorded = member(subject, kind.name);
  if (recorded == nullptr) return elements;
  if (kind.once) {
    elements.push_back(recorded);
    return elements;
  }
  if (!recorded->is_array()) return malformed_record(std::string(kind.name) + " must be a list");
  for (const auto& element : *recorded) elements.push_back(&element);
  return elements;
}

}  // namespace tegata::verifier
