// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "policy/engine/engine.h"
#include "policy/model/deployment_request.h"
#include "verifier/evidence/gather.h"
#include "webhook/audit/decision_record.h"

namespace tegata::webhook {

enum class OnAuditFailure { Deny, Allow };
/// What is looked up about the images of a Kubernetes request that a `deployers` rule denies anyway.
enum class RefusedDeployer { AskEverything, AskCache };

/// Settings of all decisions of a Decider.
struct DecideSettings {
  policy::Mode mode = policy::Mode::Enforce;
  policy::Unmatched unmatched = policy::Unmatched::Allow;
  OnAuditFailure on_audit_failure = OnAuditFailure::Deny;
  RefusedDeployer refused_deployer = RefusedDeployer::AskEverything;
  policy::ObserveImage observe = {};  ///< questions besides those of the rules; empty: none
};

/// Input of one decision.
struct Question {
  const Reading& reading;
  std::string source;
  Time now;
  Deadline deadline;  ///< for the answer, with its record
  policy::CallerBudget budget = policy::CallerBudget::Enough;
  std::string client = {};    ///< how the caller was authenticated; empty: it was not asked
  std::string trace_id = {};  ///< the caller's (W3C Trace Context); empty: none
};

struct Answer {
  std::string id;
  Verdict verdict;
};

/// The data path: plan, gather, judge, audit, in this order. The only caller of these four.
class Decider {
 public:
  /// If `audit` is null, nothing is recorded (`tegata check`).
  Decider(std::shared_ptr<const policy::PolicySet> policies, std::shared_ptr<verifier::Gatherer> gatherer,
          std::shared_ptr<AuditSink> audit, DecideSettings settings);

  /// Does not throw, whatever a request contains. Thread-safe.
  [[nodiscard]] Answer decide(const Question& question) const;

  [[nodiscard]] const DecideSettings& settings() const noexcept { return settings_; }
  [[nodiscard]] const policy::PolicySet& policies() const noexcept { return *policies_; }

 private:
  /// A record of the question without a verdict.
  [[nodiscard]] DecisionRecord begun(const Question& question) const;
  [[nodiscard]] DecisionRecord judged(const Question& question) const;
  [[nodiscard]] DecisionRecord failed(const Question& question, const std::string& bug) const;
  /// Whether the request must be denied if the decision cannot be recorded.
  [[nodiscard]] bool needs_record(const DecisionRecord& record) const;
  /// Records the decision. If that fails until the deadline, `on_audit_failure` applies to requests that a
  /// rule could deny. Every failure is logged.
  void audit(DecisionRecord& record, Deadline deadline) const;
  /// Until when facts are awaited: the rest is for the record.
  [[nodiscard]] Deadline gather_until(Deadline deadline) const;

  std::shared_ptr<const policy::PolicySet> policies_;
  std::shared_ptr<verifier::Gatherer> gatherer_;
  std::shared_ptr<AuditSink> audit_;
  DecideSettings settings_;
};

/// 26 characters of Crockford's base 32: 48 bits of milliseconds, then 80 random bits (ULID).
[[nodiscard]] std::string new_decision_id(Time time);

}  // namespace tegata::webhook
