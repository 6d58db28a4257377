// SPDX-License-Identifier: Apache-2.0
#include "webhook/decide.h"

#include "policy/engine/applicable.h"
#include "policy/model/limits.h"
#include "webhook/guard.h"
#include "webhook/log/log.h"

namespace tegata::webhook {
namespace {

using Clock = std::chrono::steady_clock;

/// Measures the time since the last lap.
class Stopwatch {
 public:
  std::chrono::microseconds lap() {
    const auto now = Clock::now();
    return std::chrono::duration_cast<std::chrono::microseconds>(now - std::exchange(last_, now));
  }

 private:
  Clock::time_point last_ = Clock::now();
};

/// An internal error never denies a mirror Pod: the static Pod runs anyway.
policy::Mode own_failure_mode(const Reading& reading, policy::Mode mode) {
  const auto* request = std::get_if<DeploymentRequest>(&reading);
  return request != nullptr && request->mirror_pod ? policy::Mode::DryRun : mode;
}

}  // namespace

Decider::Decider(std::shared_ptr<const policy::PolicySet> policies,
                 std::shared_ptr<verifier::Gatherer> gatherer, std::shared_ptr<AuditSink> audit,
                 DecideSettings settings)
    : policies_(std::move(policies)),
      gatherer_(std::move(gatherer)),
      audit_(std::move(audit)),
      settings_(std::move(settings)) {}

DecisionRecord Decider::begun(const Question& question) const {
  return {.id = {},
          .time = question.now,
          .source = question.source,
          .reading = question.reading,
          .facts = {},
          .verdict = {},
          .policy_hash = policies_->hash,
          .options = {settings_.mode, settings_.unmatched, question.budget, question.now},
          .timings = {},
          .client = question.client,
          .trace_id = question.trace_id};
}

DecisionRecord Decider::judged(const Question& question) const {
  auto record = begun(question);
  const auto* request = std::get_if<DeploymentRequest>(&question.reading);
  if (request == nullptr) {
    record.verdict = std::visit(
        [](const auto& other) -> Verdict {
          if constexpr (std::is_same_v<std::decay_t<decltype(other)>, DeploymentRequest>)
            return {};
          else
            return policy::judge(other);
        },
        question.reading);
    return record;
  }
  Stopwatch stopwatch;
  auto plan = policy::plan(*policies_, *request, question.now, settings_.observe);
  plan.cached_only = settings_.refused_deployer == RefusedDeployer::AskCache &&
                     request->platform == Platform::Kubernetes &&
                     policy::denied_by_deployer(*policies_, *request, record.options);
  record.timings.plan = stopwatch.lap();
  record.facts = gatherer_->gather(plan, gather_until(question.deadline));
  record.timings.gather = stopwatch.lap();
  record.verdict = policy::judge(*policies_, *request, record.facts, record.options);
  record.timings.judge = stopwatch.lap();
  return record;
}

DecisionRecord Decider::failed(const Question& question, const std::string& bug) const {
  log(LogLevel::Error, "internal error: a decision could not be made",
      with_trace({{"bug", bug}, {"source", question.source}}, question.trace_id));
  auto record = begun(question);
  record.verdict = policy::with_own_failure({}, Reason::InternalError, "the decision could not be finished",
                                            own_failure_mode(question.reading, settings_.mode));
  return record;
}

/// Requests that start no deployment, and those that no rule could deny, pass without a record: a denial
/// would only block clean-up. Unreadable requests are refused for their own reason.
bool Decider::needs_record(const DecisionRecord& record) const {
  const auto* request = std::get_if<DeploymentRequest>(&record.reading);
  return settings_.on_audit_failure == OnAuditFailure::Deny && request != nullptr &&
         policy::can_deny(*policies_, *request, record.options.now);
}

Deadline Decider::gather_until(Deadline deadline) const {
  if (audit_ == nullptr || deadline.time() == Deadline::never().time()) return deadline;
  return Deadline::at(deadline.time() - limits::kRecordMargin);
}

void Decider::audit(DecisionRecord& record, Deadline deadline) const {
  if (audit_ == nullptr) return;
  const auto recorded = audit_->record(record, deadline);
  if (recorded.ok()) return;
  const auto reached = record.verdict.decision;
  if (needs_record(record))
    record.verdict =
        policy::with_own_failure(std::move(record.verdict), Reason::AuditUnavailable,
                                 recorded.error().message, own_failure_mode(record.reading, settings_.mode));
  const auto answer = record.verdict.decision;
  log(LogLevel::Warning,
      answer == reached ? "a decision was not recorded; the answer is the same as with a record"
                        : "a request was denied because its decision could not be recorded",
      with_trace({{"decision", record.id}, {"answer", name_of(answer)}, {"error", recorded.error().message}},
                 record.trace_id));
}

Answer Decider::decide(const Question& question) const {
  auto record =
      guard([&] { return judged(question); }, [&](const std::string& bug) { return failed(question, bug); });
  record.id = new_decision_id(question.now);
  audit(record, question.deadline);
  return {std::move(record.id), std::move(record.verdict)};
}

}  // namespace tegata::webhook
