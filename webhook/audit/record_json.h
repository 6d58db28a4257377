// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"
#include "webhook/audit/decision_record.h"

/// The lines of an audit file, both ways. docs/records.md is their reference: a line of kind
/// DecisionRecord for each decision; before it, lines of kind Facts and Evidence for what it refers
/// to by hash; and lines of kind Unconfirmed.
namespace tegata::webhook {

/// Something that is written once into a file and then referred to.
struct Content {
  std::string hash;  ///< SHA-256 in hex, over `text`
  std::string text;  ///< facts as one line of JSON; evidence as it is
};

/// The facts about each image, and about the request if there are any, as records refer to them.
[[nodiscard]] std::vector<Content> facts_contents(const GatheredFacts& facts);

/// `{"apiVersion": …, "kind": "Facts", "hash": …, "facts": …}`, without line feed.
[[nodiscard]] std::string facts_line(const Content& facts);
/// `{"apiVersion": …, "kind": "Evidence", "hash": …, "text": "…"}`, without line feed.
[[nodiscard]] std::string evidence_line(std::string_view hash, std::string_view text);
/// Records that came into the file after their caller had been told that they had not.
[[nodiscard]] std::string unconfirmed_line(const std::vector<std::string>& ids);

/// A record's line but for its end, which only the writer knows.
[[nodiscard]] std::string unfinished_record_line(const DecisionRecord& record,
                                                 const std::vector<std::string>& fact_hashes);
/// Finishes it: `lost` records before this one did not get into the file.
[[nodiscard]] std::string finished_record_line(std::string unfinished, std::uint64_t lost);

/// A record as it was read back.
struct RecordedDecision {
  std::string id;
  std::string time;  ///< RFC 3339
  std::string source;
  Reading reading;
  std::vector<std::string> facts;  ///< hashes
  std::string verdict;             ///< its JSON in one line: what a replay must give again
  std::string policy_hash;
  policy::JudgeOptions options;
  std::int64_t lost_before = 0;
};
/// Malformed, naming the member.
[[nodiscard]] Result<RecordedDecision> record_from_json(const nlohmann::json& line);

}  // namespace tegata::webhook
