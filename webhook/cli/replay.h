// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "policy/document/policy_set.h"
#include "verifier/evidence/fact_replayer.h"
#include "webhook/audit/audit_reader.h"

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
  Replay(std::shared_ptr<const policy::PolicySet> policies, const AuditReader& audit,
         verifier::EvidenceReplay& evidence)
      : policies_(std::move(policies)), audit_(audit), evidence_(evidence) {}

  /// Malformed where the record's facts, or its verdict, are not what they must be.
  [[nodiscard]] Result<Replayed> judge_again(RecordedDecision record);

 private:
  [[nodiscard]] Result<Verdict> verdict_of(const RecordedDecision& record);
  [[nodiscard]] Result<nlohmann::json> facts_of(const RecordedDecision& record);

  std::shared_ptr<const policy::PolicySet> policies_;
  const AuditReader& audit_;
  verifier::EvidenceReplay& evidence_;
  std::unordered_map<std::string, nlohmann::json> known_facts_;
};

}  // namespace tegata::webhook::cli
