// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/service.h"

#include <utility>

#include "policy/document/load.h"
#include "policy/model/limits.h"
#include "verifier/evidence/evidence_store.h"
#include "webhook/clock.h"
#include "webhook/config/policy_files.h"
#include "webhook/config/registry_options.h"
#include "webhook/log/log.h"
#include "webhook/serve/admission_handler.h"
#include "webhook/serve/installation_key.h"

namespace tegata::webhook {
namespace {

Status check_given(const std::string& value, std::string_view option) {
  if (!value.empty()) return done();
  return Error{ErrorCode::Misconfigured, std::string(option) + " is needed"};
}

void warn_of_expiry(Time not_after) {
  const auto left = not_after - now();
  if (left >= limits::kCertificateWarning) return;
  const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
  log(LogLevel::Warning, "the serving certificate ends in " + std::to_string(days) + " days",
      {{"notAfter", rfc3339(not_after)}});
}

DecideSettings decide_settings(const ServeSettings& settings) {
  const auto by_default = settings.mode == policy::Mode::DryRun ? Observe::Yes : Observe::No;
  return {.mode = settings.mode,
          .unmatched = settings.unmatched,
          .on_audit_failure = settings.on_audit_failure,
          .observe = settings.observe.value_or(by_default)};
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(const ServeSettings& settings) {
  std::unique_ptr<Service> service(new Service);
  TEGATA_CHECK(service->load(settings));
  TEGATA_CHECK(service->listen(settings));
  service->health_->set(Health::State::Serving);
  return service;
}

Service::~Service() { stop(); }

Status Service::load_policies(const std::string& path) {
  auto keys = std::make_shared<verifier::KeyRing>();
  TEGATA_TRY(auto loaded, load_policy_files(path, *keys));
  if (!loaded.policies || !loaded.errors.empty()) {
    if (loaded.errors.empty()) return Error{ErrorCode::Misconfigured, path + " holds no policy"};
    const auto first = loaded.errors.front().text();
    if (loaded.errors.size() == 1) return Error{ErrorCode::Misconfigured, first};
    for (const auto& diagnostic : loaded.errors) log(LogLevel::Error, diagnostic.text());
    return Error{ErrorCode::Misconfigured,
                 path + " has " + std::to_string(loaded.errors.size()) + " errors; the first: " + first};
  }
  for (const auto& warning : policy::lint(*loaded.policies, now())) log(LogLevel::Warning, warning.text());
  keys_ = std::move(keys);
  policies_ = std::make_shared<const policy::PolicySet>(std::move(*loaded.policies));
  return done();
}

Status Service::open_evidence(const ServeSettings& settings) {
  TEGATA_TRY(auto registry, registry_settings({settings.insecure_plain_http, settings.registry_ca}));
  for (const auto& warning : registry.docker_config.warnings()) log(LogLevel::Warning, warning);
  TEGATA_TRY(registries_, verifier::RegistrySource::open(std::move(registry)));
  if (!settings.evidence_dir.empty()) {
    TEGATA_TRY(evidence_, verifier::EvidenceStore::open(settings.evidence_dir));
  }
  verifier::GatherSettings gathering;
  gathering.evidence = evidence_;
  gatherer_ = std::make_shared<verifier::LiveGatherer>(*registries_, verifier::SignatureVerifier(keys_),
                                                       std::move(gathering));
  return done();
}

Status Service::load(const ServeSettings& settings) {
  TEGATA_CHECK(check_given(settings.policy, "--policy FILE|DIR"));
  TEGATA_CHECK(check_given(settings.tls_cert_file, "--tls-cert-file FILE"));
  TEGATA_CHECK(check_given(settings.tls_private_key_file, "--tls-private-key-file FILE"));
  TEGATA_CHECK(check_given(settings.audit_log, "--audit-log FILE|-"));
  TEGATA_CHECK(load_policies(settings.policy));
  TEGATA_TRY(tls_, http::TlsContext::load(settings.tls_cert_file, settings.tls_private_key_file, now()));
  warn_of_expiry(tls_->not_after());
  TEGATA_TRY(hasher_, installation_hasher(settings.state_dir));
  TEGATA_CHECK(open_evidence(settings));
  TEGATA_TRY(audit_, AuditLog::open(settings.audit_log));
  decider_ = std::make_shared<const Decider>(policies_, gatherer_, audit_, decide_settings(settings));
  metrics_ = std::make_shared<Metrics>(*policies_, TEGATA_VERSION, tls_->not_after());
  add_metrics();
  return done();
}

void Service::add_metrics() {
  using Kind = Metrics::Kind;
  metrics_->add_source(Kind::Counter, "tegata_audit_records_lost_total",
                       "Decisions that are not in the audit log", {},
                       [audit = audit_] { return static_cast<double>(audit->counts().lost); });
  if (evidence_ != nullptr)
    metrics_->add_source(Kind::Counter, "tegata_evidence_lost_total",
                         "Bytes that the evidence store could not keep", {},
                         [store = evidence_] { return static_cast<double>(store->failures()); });
  const auto add = [&](Kind kind, const char* name, const char* help, auto number) {
    const auto gatherer = gatherer_;
    metrics_->add_source(kind, name, help, {{"cache", "signatures"}},
                         [=] { return static_cast<double>(number(gatherer->signature_counts())); });
    metrics_->add_source(kind, name, help, {{"cache", "tags"}},
                         [=] { return static_cast<double>(number(gatherer->tag_counts())); });
  };
  using Counts = verifier::CacheCounts;
  add(Kind::Counter, "tegata_cache_hits_total", "Facts that were kept",
      [](const Counts& c) { return c.hits; });
  add(Kind::Counter, "tegata_cache_misses_total", "Facts that were waited for",
      [](const Counts& c) { return c.flights + c.joins; });
  add(Kind::Counter, "tegata_cache_evictions_total", "Facts that made room for others",
      [](const Counts& c) { return c.evictions; });
  add(Kind::Gauge, "tegata_cache_entries", "Facts that are kept", [](const Counts& c) { return c.entries; });
}

Status Service::listen(const ServeSettings& settings) {
  http::HttpServerSettings probes;
  probes.listen = settings.metrics_listen;
  probes.routes = probe_routes(health_, metrics_);
  probes.max_body = 0;
  probes.max_connections = limits::kProbeThreads;
  probes.keep_alive = limits::kProbeKeepAlive;
  TEGATA_TRY(probes_, http::HttpServer::start(std::move(probes)));

  http::HttpServerSettings webhook;
  webhook.listen = settings.listen;
  webhook.tls = tls_;
  webhook.routes = {{http::Method::PostJson, "/validate",
                     AdmissionHandler(decider_, hasher_, settings.min_budget, metrics_)}};
  TEGATA_TRY(webhook_, http::HttpServer::start(std::move(webhook)));
  return done();
}

void Service::begin_shutdown() {
  health_->set(Health::State::ShuttingDown);
  if (webhook_ != nullptr) webhook_->begin_drain();
}

void Service::stop() {
  begin_shutdown();
  if (webhook_ != nullptr) webhook_->stop();
  if (probes_ != nullptr) probes_->stop();
}

}  // namespace tegata::webhook
