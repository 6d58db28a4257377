// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "webhook/audit/audit_reader.h"
#include "webhook/cli/replay_report.h"
#include "webhook/engine/engine.h"

namespace tegata::webhook::cli {

/// Judges records again, with the recorded time and options, under the current policies. Thread-safe.
class JudgeAgain {
 public:
  /// Both must outlive it.
  JudgeAgain(ReplayEngine& engine, const RecordedContents& contents) : engine_(engine), contents_(contents) {}

  /// Malformed if the line, the record's facts or its verdict are not valid.
  [[nodiscard]] Result<Replayed> operator()(const RecordLine& line);

 private:
  [[nodiscard]] Result<ReplayEngine::AllFacts> facts_of(const RecordedDecision& record);
  /// Null: the file does not contain them.
  [[nodiscard]] Result<ReplayEngine::AllFacts::value_type> facts(const std::string& hash);

  ReplayEngine& engine_;
  const RecordedContents& contents_;
  std::mutex mutex_;
  std::unordered_map<std::string, ReplayEngine::AllFacts::value_type> known_facts_;  ///< guarded by mutex_
};

}  // namespace tegata::webhook::cli
