// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "policy/engine/judge.h"
#include "policy/engine/plan.h"
#include "policy/model/deployment_request.h"
#include "verifier/evidence/gather.h"
#include "webhook/audit/decision_record.h"

namespace tegata::webhook {

enum class OnAuditFailure { Deny, Allow };

/// What stays the same between decisions.
struct DecideSettings {
  policy::Mode mode = policy::Mode::Enforce;
  policy::Unmatched unmatched = policy::Unmatched::Allow;
  OnAuditFailure on_audit_failure = OnAuditFailure::Deny;
  policy::ObserveImage observe = {};  ///< what is asked of images besides what rules ask; empty: nothing
};

/// What one decision is made on.
struct Question {
  const Reading& reading;
  std::string source;
  Time now;
  Deadline deadline;
  policy::CallerBudget budget = policy::CallerBudget::Enough;
};

struct Answer {
  std::string id;
  Verdict verdict;
};

/// The data path: plan, gather, judge, audit, in that order, and the only caller of the four.
class Decider {
 public:
  /// `audit` may be null: then nothing is recorded (`tegata check`).
  Decider(std::shared_ptr<const policy::PolicySet> policies, std::shared_ptr<verifier::Gatherer> gatherer,
          std::shared_ptr<AuditSink> audit, DecideSettings settings);

  /// Never throws for anything that a request contains; thread-safe.
  [[nodiscard]] Answer decide(const Question& question) const;

  [[nodiscard]] const DecideSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] const policy::PolicySet& policies() const noexcept { return *policies_; }

 private:
  /// A record of the question, without a verdict yet.
  [[nodiscard]] DecisionRecord begun(const Question& question) const;
  [[nodiscard]] DecisionRecord judged(const Question& question) const;
  [[nodiscard]] DecisionRecord failed(const Question& question, const std::string& bug) const;
  /// Whether a decision without a record is a denial.
  [[nodiscard]] bool needs_record(const DecisionRecord& record) const;
  /// Records it; where that fails, `on_audit_failure` decides what becomes of a verdict that could have
  /// been a denial. Every failure is a line in the log.
  void audit(DecisionRecord& record) const;

  std::shared_ptr<const policy::PolicySet> policies_;
  std::shared_ptr<verifier::Gatherer> gatherer_;
  std::shared_ptr<AuditSink> audit_;
  DecideSettings settings_;
};

/// 26 characters of Crockford's base 32: 48 bits of milliseconds, then 80 random bits (ULID).
[[nodiscard]] std::string new_decision_id(Time time);

}  // namespace tegata::webhook
