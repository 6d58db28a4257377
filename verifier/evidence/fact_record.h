// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "policy/model/image_facts.h"
#include "policy/model/result.h"
#include "verifier/evidence/fact_maker.h"

// Facts as audit records hold them, whatever their kind:
//
//   {"image": NAME, KIND: FACT | [FACT…], …} for each image, or {"request": true, …} for the request
//   FACT: {QUESTION…, "known": …} | {QUESTION…, "absent": true}
//         | {QUESTION…, "unknown": {"code", "message"}, "lastKnown": {"known": …, "at"}}
//
// A kind with one question about a subject has one FACT, other kinds a list. The FactMaker of the kind
// defines QUESTION and the value of "known". `lastKnown` is optional; its `at` is in milliseconds since 1970.
namespace tegata::verifier {

/// One FACT as JSON text. `question` is the result of FactMaker::write_question(); `value` is JSON text.
[[nodiscard]] std::string known_record(const std::string& question, const std::string& value);
[[nodiscard]] std::string absent_record(const std::string& question);
[[nodiscard]] std::string unknown_record(const std::string& question, const Unknown& unknown,
                                         const std::string& last_value);

/// The record of one subject, as one line of JSON. The same facts give the same text.
[[nodiscard]] std::string facts_text(const ImageFacts& facts);
[[nodiscard]] std::string request_facts_text(const Facts& facts);

/// A FACT, without the parts that only its maker can read: `known` points into `element`.
struct ReadFact {
  const nlohmann::json* known = nullptr;  ///< null: absent, or unknown
  std::optional<Unknown> unknown = {};
  const nlohmann::json* last_known = nullptr;  ///< of `unknown`
  Time last_known_at = {};
};
[[nodiscard]] Result<ReadFact> read_fact(const nlohmann::json& element);
/// The facts of one kind in a record, as a list; empty if absent. Malformed if it is not a FACT, or a list of
/// them, as `kind` requires.
[[nodiscard]] Result<std::vector<const nlohmann::json*>> recorded_elements(const nlohmann::json& subject,
                                                                           const KindId& kind);

/// An answer with its record.
template <class K>
[[nodiscard]] std::shared_ptr<const Answered<K>> answered(const FactMaker<K>& maker,
                                                          const typename K::Question& question,
                                                          FactOf<K> fact, Evidence evidence = {}) {
  using Shared = std::shared_ptr<const typename K::Value>;
  auto answer = std::make_shared<Answered<K>>();
  const auto about = maker.write_question(question);
  if (const auto* known = std::get_if<Known<Shared>>(&fact)) {
    answer->record = known_record(about, maker.write(*known->value, evidence));
  } else if (const auto* unknown = std::get_if<Unknown>(&fact)) {
    const auto* last =
        unknown->last ? static_cast<const typename K::Value*>(unknown->last->value.get()) : nullptr;
    answer->record = unknown_record(about, *unknown, last == nullptr ? "" : maker.write(*last, {}));
  } else {
    answer->record = absent_record(about);
  }
  answer->fact = std::move(fact);
  answer->evidence = std::move(evidence);
  return answer;
}

/// The text with invalid UTF-8 replaced by U+FFFD, as nlohmann::json writes it.
[[nodiscard]] std::string valid_utf8(std::string text);
/// Compact JSON text. Does not throw for invalid UTF-8 in strings.
[[nodiscard]] std::string compact(const nlohmann::json& value);

/// {"code", "message"}, and back: empty if the value is not such an object or the code is unknown.
[[nodiscard]] nlohmann::json error_json(const Error& error);
[[nodiscard]] std::optional<Error> read_error(const nlohmann::json& value);

}  // namespace tegata::verifier
