// SPDX-License-Identifier: Apache-2.0
#include "webhook/engine/engine.h"

#include <utility>

#include "policy/model/scan_facts.h"
#include "verifier/aws/aws_client.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/evidence/fact_kinds.h"
#include "verifier/evidence/replay.h"
#include "webhook/clock.h"
#include "webhook/log/log.h"

namespace tegata::webhook {
namespace {

verifier::FactKinds kinds_of(const LoadedPolicies& loaded, const verifier::GatherSettings& gathering) {
  return verifier::fact_kinds(verifier::SignatureVerifier(loaded.trust), gathering);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(LoadedPolicies loaded, EngineSettings settings) {
  std::unique_ptr<Engine> engine(new Engine(std::move(loaded), std::move(settings)));
  TEGATA_CHECK(engine->open_sources());
  engine->trust(engine->served_);
  engine->counted_ = std::make_shared<Current<verifier::LiveGatherer>>(engine->gatherer_);
  engine->decider_ = std::make_shared<Current<Decider>>(engine->decider_of(engine->served_));
  return engine;
}

Engine::~Engine() {
  if (settings_.aws != nullptr) settings_.aws->close();
}

Status Engine::open_sources() {
  auto registries = settings_.registries;
  if (settings_.memory) registries.memory = settings_.memory->candidates;
  TEGATA_TRY(registries_, verifier::RegistrySource::open(std::move(registries)));
  if (!settings_.evidence_dir.empty()) {
    TEGATA_TRY(evidence_, verifier::EvidenceStore::open(settings_.evidence_dir));
    verifier::EvidenceQueue queue;
    if (settings_.memory) queue.bytes = settings_.memory->evidence;
    evidence_->write_in_background(settings_.evidence_bounds, queue);
  }
  if (!settings_.audit_log.empty() && settings_.audit_log != kDropsRecords) {
    AuditBounds bounds;
    if (settings_.memory) bounds.queue_bytes = settings_.memory->records;
    TEGATA_TRY(audit_, AuditLog::open(settings_.audit_log, bounds));
  }
  return done();
}

void Engine::trust(const LoadedPolicies& loaded) {
  verifier::GatherSettings gathering;
  gathering.evidence = evidence_;
  gathering.memory = registries_->memory();
  gathering.aws = settings_.aws;
  if (settings_.memory) {
    gathering.cache_bytes = settings_.memory->signature_cache;
    const auto small = settings_.memory->small_cache;
    gathering.tag_cache_bytes = small;
    gathering.label_cache_bytes = small / 4;
    gathering.scan_cache_bytes = small / 2;
    gathering.small_cache_bytes = small / 8;
  }
  gathering.scan_reports = settings_.scan_reports;
  gathering.wall_clock = &now;
  gathering.work = [registries = registries_.get()](const auto& askers, auto slice) {
    registries->post(askers, std::move(slice));
  };
  kinds_ = kinds_of(loaded, gathering);
  gatherer_ = std::make_shared<verifier::LiveGatherer>(*registries_, kinds_, std::move(gathering));
  const std::lock_guard lock(mutex_);
  std::erase_if(gatherers_, [](const auto& gatherer) { return gatherer.expired(); });
  gatherers_.push_back(gatherer_);
}

void Engine::end_checks(Deadline deadline) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : gatherers_)
    if (const auto gatherer = one.lock()) gatherer->end_by(deadline);
  if (audit_ != nullptr) audit_->end_by(deadline);
}

std::shared_ptr<const Decider> Engine::decider_of(const LoadedPolicies& loaded) const {
  DecideSettings deciding{.mode = settings_.mode,
                          .unmatched = settings_.unmatched,
                          .on_audit_failure = settings_.on_audit_failure,
                          .refused_deployer = settings_.refused_deployer,
                          .observe = {}};
  if (settings_.observe == Observe::Yes)
    deciding.observe = [kinds = kinds_](ImageQuestions& image) {
      for (const auto& kind : kinds) kind->observe(image);
    };
  // Of images that a rule asks about: the others need not be looked up.
  if (!settings_.scan_reports.empty())
    deciding.observe = [observe = std::move(deciding.observe)](ImageQuestions& image) {
      if (!image.empty()) image.ask<ScanKind>({ScanSource::File});
      if (observe) observe(image);
    };
  return std::make_shared<const Decider>(loaded.policies, gatherer_, audit_, std::move(deciding));
}

void Engine::serve(LoadedPolicies loaded) {
  // A gatherer keeps the trust material it was created with: with the same material its cached facts stay
  // valid for other policies.
  if (!loaded.trust->same_as(*served_.trust)) trust(loaded);
  decider_->replace(decider_of(loaded));
  counted_->replace(gatherer_);
  served_ = std::move(loaded);
}

void Engine::reopen_audit_log() {
  if (audit_ == nullptr) return;
  audit_->reopen([path = settings_.audit_log](const Result<bool>& changed) {
    if (!changed.ok())
      log(LogLevel::Error, "the audit log could not be reopened; records still go to the previous file",
          {{"error", changed.error().message}});
    else if (*changed)
      log(LogLevel::Info, "the audit log was reopened", {{"file", path}});
  });
}

ReplayEngine::ReplayEngine(const LoadedPolicies& loaded, verifier::EvidenceReplay::TextOf text_of,
                           std::shared_ptr<const verifier::EvidenceStore> store)
    : policies_(loaded.policies), evidence_(std::move(text_of), std::move(store), kinds_of(loaded, {})) {}

Result<ReplayEngine::AllFacts::value_type> ReplayEngine::facts(const nlohmann::json& subject) const {
  return verifier::read_recorded_facts(subject, evidence_);
}

Verdict ReplayEngine::decide(const Reading& reading, AllFacts facts, const policy::JudgeOptions& options) {
  auto gatherer = std::make_shared<verifier::ReplayGatherer>(std::move(facts), evidence_, options.now);
  const Decider decider(policies_, std::move(gatherer), nullptr,
                        {.mode = options.mode, .unmatched = options.unmatched});
  return decider
      .decide({.reading = reading,
               .source = "replay",
               .now = options.now,
               .deadline = Deadline::never(),
               .budget = options.budget})
      .verdict;
}

}  // namespace tegata::webhook
