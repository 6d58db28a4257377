// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "webhook/audit/audit_reader.h"
#include "webhook/engine/engine.h"

namespace tegata::webhook::cli {

/// What a verdict comes to, for comparing two of them.
struct Outcome {
  std::string decision;
  std::string would_be;
  std::vector<std::string> reasons;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// How a verdict of now relates to the recorded one.
enum class Comparison {
  Exact,        ///< the same bytes
  Reworded,     ///< the same findings and outcome in other words, as another version writes them
  SameOutcome,  ///< other findings, the same outcome
  NewlyDenied,  ///< by its decision, or by what it would be
  NewlyAllowed,
  OtherwiseChanged,  ///< denied or allowed as before, for other reasons
  /// Cannot be told: what the policy of now asks was not recorded, or its bytes are not at hand.
  NotRecorded,
  OwnFailure,  ///< the recorded verdict was about a failure of our own, which nothing can repeat
};
[[nodiscard]] std::string_view name_of(Comparison comparison) noexcept;

/// One record, judged again.
struct Replayed {
  RecordedDecision record;
  Verdict verdict;
  Outcome was;
  Outcome now;
  bool same_policy = false;
  Comparison comparison = Comparison::Exact;

  /// The same policy must give the same verdict, as far as its facts are at hand.
  [[nodiscard]] bool is_inexact() const {
    return same_policy && comparison != Comparison::Exact && comparison != Comparison::Reworded &&
           comparison != Comparison::NotRecorded && comparison != Comparison::OwnFailure;
  }
};

/// Judges records again, with the time and options of then, under the policies of now.
class Replay {
 public:
  Replay(ReplayEngine& engine, const AuditReader& audit) : engine_(engine), audit_(audit) {}

  /// Malformed where the record's facts, or its verdict, are not what they must be.
  [[nodiscard]] Result<Replayed> judge_again(RecordedDecision record);

 private:
  [[nodiscard]] Result<nlohmann::json> facts_of(const RecordedDecision& record);

  ReplayEngine& engine_;
  const AuditReader& audit_;
  std::unordered_map<std::string, nlohmann::json> known_facts_;
};

}  // namespace tegata::webhook::cli
