// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "policy/model/scan_report.h"
#include "verifier/evidence/evidence_pruner.h"
#include "verifier/evidence/live_gatherer.h"
#include "verifier/evidence/replay.h"
#include "verifier/oci/registry_source.h"
#include "webhook/audit/audit_log.h"
#include "webhook/config/memory_limit.h"
#include "webhook/current.h"
#include "webhook/decide.h"
#include "webhook/engine/loaded_policies.h"

namespace tegata::webhook {

enum class Observe { No, Yes };

/// An audit log that drops what it is given: records are not made either.
inline constexpr std::string_view kDropsRecords = "/dev/null";

/// Settings of an engine besides its policies. An empty string is an option that was not given.
struct EngineSettings {
  verifier::RegistrySettings registries = {};
  std::shared_ptr<verifier::AwsClient> aws = {};  ///< null: facts that only AWS knows are unknown
  std::string evidence_dir = {};                  ///< empty: no evidence is stored
  verifier::EvidenceBounds evidence_bounds = {};
  std::optional<MemoryShares> memory = {};  ///< none: candidates are not bounded, the rest by limits.h
  std::string audit_log = {};               ///< FILE or `-`; empty or kDropsRecords: nothing is recorded
  policy::Mode mode = policy::Mode::Enforce;
  policy::Unmatched unmatched = policy::Unmatched::Allow;
  OnAuditFailure on_audit_failure = OnAuditFailure::Deny;
  Observe observe = Observe::No;
  RefusedDeployer refused_deployer = RefusedDeployer::AskEverything;
  /// Reports given by file, by the digest that each is about: in place of the sources of the policy.
  std::map<Digest, std::shared_ptr<const ScanReport>> scan_reports = {};
};

/// Combines policies, trust, content sources, gatherer, decider and audit. Every command that decides about
/// current deployments uses one; no other code connects these parts.
class Engine {
 public:
  /// `loaded` must hold policies. Misconfigured: a registry setting, the evidence folder or the audit
  /// log.
  [[nodiscard]] static Result<std::unique_ptr<Engine>> open(LoadedPolicies loaded, EngineSettings settings);

  /// Ends the calls of AWS that facts wait for, before what they use is gone.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// The current decider. Thread-safe.
  [[nodiscard]] std::shared_ptr<const Current<Decider>> decider() const noexcept { return decider_; }
  [[nodiscard]] const LoadedPolicies& served() const noexcept { return served_; }

  /// Replaces the policies. Cached facts stay, unless the trusted keys, certificates or roots changed. Call
  /// from one thread at a time.
  void serve(LoadedPolicies loaded);

  /// As RegistrySource::forget_authentication(). Thread-safe.
  void forget_authentication() { registries_->forget_authentication(); }

  /// As LiveGatherer::end_by(), for all gatherers that are in use. Thread-safe.
  void end_checks(Deadline deadline);

  /// As AuditLog::reopen(), and logs the result. Thread-safe.
  void reopen_audit_log();

  /// For metrics; the first two are null if nothing is recorded or no evidence is stored. Thread-safe.
  [[nodiscard]] std::shared_ptr<const AuditLog> audit() const noexcept { return audit_; }
  [[nodiscard]] std::shared_ptr<const verifier::EvidenceStore> evidence() const noexcept { return evidence_; }
  [[nodiscard]] std::shared_ptr<const Current<verifier::LiveGatherer>> gatherer() const noexcept {
    return counted_;
  }

 private:
  Engine(LoadedPolicies loaded, EngineSettings settings)
      : settings_(std::move(settings)), served_(std::move(loaded)) {}
  [[nodiscard]] Status open_sources();
  [[nodiscard]] std::shared_ptr<const Decider> decider_of(const LoadedPolicies& loaded) const;
  void trust(const LoadedPolicies& loaded);

  // In the order of construction: later members use earlier ones and are destroyed first.
  const EngineSettings settings_;
  LoadedPolicies served_;
  std::unique_ptr<verifier::RegistrySource> registries_;
  std::shared_ptr<verifier::EvidenceStore> evidence_;
  std::shared_ptr<AuditLog> audit_;
  verifier::FactKinds kinds_;
  std::shared_ptr<verifier::LiveGatherer> gatherer_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<verifier::LiveGatherer>> gatherers_;  ///< earlier ones, too; guarded by mutex_
  std::shared_ptr<Current<verifier::LiveGatherer>> counted_;
  std::shared_ptr<Current<Decider>> decider_;
};

/// The same for recorded decisions: facts come from records and the evidence store; no registry is queried
/// and nothing is recorded. Thread-safe.
class ReplayEngine {
 public:
  using AllFacts = verifier::ReplayGatherer::AllFacts;

  /// `store` may be null: everything that needs its bytes is then NotRecorded. `text_of`: see EvidenceReplay.
  ReplayEngine(const LoadedPolicies& loaded, verifier::EvidenceReplay::TextOf text_of,
               std::shared_ptr<const verifier::EvidenceStore> store);

  /// As verifier::read_recorded_facts().
  [[nodiscard]] Result<AllFacts::value_type> facts(const nlohmann::json& subject) const;
  /// The verdict on a request at the recorded time and with the recorded options, by the current policies.
  [[nodiscard]] Verdict decide(const Reading& reading, AllFacts facts, const policy::JudgeOptions& options);

  [[nodiscard]] const policy::PolicySet& policies() const noexcept { return *policies_; }

 private:
  std::shared_ptr<const policy::PolicySet> policies_;
  verifier::EvidenceReplay evidence_;
};

}  // namespace tegata::webhook
