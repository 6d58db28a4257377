// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/result.h"
#include "webhook/audit/decision_record.h"

/// Writes and reads the lines of an audit file. docs/records.md is their reference: a line of kind
/// DecisionRecord for each decision; before it, lines of kind Facts and Evidence, to which it refers by hash;
/// and lines of kind Unconfirmed.
namespace tegata::webhook {

/// Content that is written once to a file; records refer to it by hash.
struct Content {
  std::string hash;  ///< SHA-256 in hex, over `text`
  std::string text;  ///< facts as one line of JSON; evidence unchanged
};

/// The facts about each image, and about the request if there are any, with the hashes that records use.
[[nodiscard]] std::vector<Content> facts_contents(const GatheredFacts& facts);

/// Those about the request alone.
[[nodiscard]] std::optional<Content> request_facts_content(const GatheredFacts& facts);

/// `{"apiVersion": …, "kind": "Facts", "hash": …, "facts": …}`, without line feed.
[[nodiscard]] std::string facts_line(const Content& facts);
/// `{"apiVersion": …, "kind": "Evidence", "hash": …, "text": "…"}`, without line feed.
[[nodiscard]] std::string evidence_line(std::string_view hash, std::string_view text);
/// Ids of records that were written after their caller had got an error.
[[nodiscard]] std::string unconfirmed_line(const std::vector<std::string>& ids);

/// A record's line without its end, which only the writer knows.
[[nodiscard]] std::string unfinished_record_line(const DecisionRecord& record,
                                                 const std::vector<std::string>& fact_hashes);
/// Completes it: `lost` records before this one were not written.
[[nodiscard]] std::string finished_record_line(std::string unfinished, std::uint64_t lost);

/// A record as read from a file.
struct RecordedDecision {
  std::string id;
  std::string time;  ///< RFC 3339
  std::string source;
  Reading reading;
  std::vector<std::string> facts;  ///< hashes
  std::string verdict;             ///< its JSON in one line: a replay must give the same
  std::string policy_hash;
  policy::JudgeOptions options;
  std::int64_t lost_before = 0;
};
/// Malformed: not JSON, or without a required member, which is named. Of a line as it was written, the
/// verdict is not parsed: `verdict` is then its exact text, and may be invalid if it differs from every
/// verdict that is written.
[[nodiscard]] Result<RecordedDecision> record_from_line(std::string_view line);

}  // namespace tegata::webhook
