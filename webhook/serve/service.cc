// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/service.h"

#include <sys/resource.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "policy/document/load.h"
#include "policy/model/limits.h"
#include "verifier/evidence/evidence_store.h"
#include "webhook/clock.h"
#include "webhook/config/memory_limit.h"
#include "webhook/config/registry_options.h"
#include "webhook/guard.h"
#include "webhook/http/httplib_router.h"
#include "webhook/log/log.h"
#include "webhook/serve/admission_handler.h"
#include "webhook/serve/installation_key.h"
#include "webhook/serve/registry_states.h"
#include "webhook/serve/root_expiry.h"

namespace tegata::webhook {
namespace {

Status check_given(const std::string& value, std::string_view option) {
  if (!value.empty()) return done();
  return Error{ErrorCode::Misconfigured, std::string(option) + " is required"};
}

Status check_clients(const ServeSettings& settings) {
  if (settings.client_ca_file.empty() == settings.client_names.empty()) return done();
  return Error{ErrorCode::Misconfigured, settings.client_names.empty()
                                             ? "--client-ca-file requires --client-name NAME"
                                             : "--client-name requires --client-ca-file FILE"};
}

http::TlsFiles tls_files(const ServeSettings& settings) {
  return {settings.tls_cert_file, settings.tls_private_key_file, settings.client_ca_file};
}

void warn_of_expiry(Time not_after) {
  const auto left = not_after - now();
  if (left >= limits::kCertificateWarning) return;
  const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
  log(LogLevel::Warning, "the serving certificate expires in " + std::to_string(days) + " days",
      {{"notAfter", rfc3339(not_after)}});
}

void log_lost_check(const char* what) {
  log(LogLevel::Error, "internal error: an exception ended a check, which now times out",
      {{"exception", what}});
}

MemoryShares share_memory(std::uint64_t option) {
  const auto limit = option != 0 ? MemoryLimit{option, "--memory-limit"} : memory_limit_of_process();
  const auto shares = shares_of(limit.bytes);
  const auto text = shares_text(limit, shares);
  log(LogLevel::Info, "memory is shared out", LogFields(text.begin(), text.end()));
  if (limit.bytes < limits::kLeastMemory)
    log(LogLevel::Warning,
        "the memory limit is below what the largest requests and images need together; they may exceed it",
        {{"limit", limit.bytes}, {"least", limits::kLeastMemory}});
  return shares;
}

/// Requests to registries and files need descriptors too: a client must not use all of them up.
std::size_t within_descriptors(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
  constexpr rlim_t kOthers = limits::kRequestsAtOnce + 256;
  const auto left = limit.rlim_cur > 2 * kOthers ? limit.rlim_cur - kOthers : limit.rlim_cur / 2;
  return static_cast<std::size_t>(std::min<rlim_t>(connections, left));
}

EngineSettings engine_settings(const ServeSettings& settings) {
  const auto by_default = settings.mode == policy::Mode::DryRun ? Observe::Yes : Observe::No;
  return {.registries = {},
          .evidence_dir = settings.evidence_dir,
          .evidence_bounds = {std::chrono::duration_cast<std::chrono::seconds>(settings.evidence_max_age),
                              settings.evidence_max_size},
          .audit_log = settings.audit_log,
          .mode = settings.mode,
          .unmatched = settings.unmatched,
          .on_audit_failure = settings.on_audit_failure,
          .observe = settings.observe.value_or(by_default),
          .refused_deployer = RefusedDeployer::AskCache};
}

/// One for each CPU: with more, they take the CPUs from each other while they hold locks.
std::size_t polling_threads() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, limits::kPollingThreads);
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(const ServeSettings& settings) {
  std::unique_ptr<Service> service(new Service);
  TEGATA_CHECK(service->load(settings));
  TEGATA_CHECK(service->listen(settings));
  service->watch(settings);
  service->health_->set(Health::State::Serving);
  return service;
}

Service::~Service() { stop(); }

Result<LoadedPolicies> Service::load_policies(const ServeSettings& settings) {
  auto loaded = load_with_trust(settings.policy, settings.trusted_root);
  if (loaded.policies == nullptr) {
    if (loaded.errors.size() > 1)
      for (const auto& error : loaded.errors) log(LogLevel::Error, error);
    return loaded.error(settings.policy);
  }
  for (const auto& warning : policy::lint(*loaded.policies, now())) log(LogLevel::Warning, warning.text());
  roots_->replace(root_expiries(*loaded.policies, *loaded.trust));
  return loaded;
}

Result<verifier::RegistrySettings> Service::registries(const ServeSettings& settings) {
  TEGATA_TRY(auto registries, registry_settings({settings.insecure_plain_http, settings.registry_ca,
                                                 settings.aws_roles, settings.aws_external_ids},
                                                log_lost_check));
  const auto use = [metrics = metrics_](const verifier::DockerConfig& config) {
    for (const auto& warning : config.warnings()) log(LogLevel::Warning, warning);
    metrics->registries_named(config.hosts());
  };
  use(*registries.docker->config());
  metrics_->registries_named(registries.settings.insecure_plain_http);
  docker_ =
      std::make_unique<DockerConfigReload>(registries.docker, verifier::DockerConfig::default_path(), use);
  registries.settings.observe = [metrics = metrics_, states = std::make_shared<RegistryStates>()](
                                    const verifier::RegistryOutcome& outcome) {
    metrics->registry_asked(outcome.registry, outcome.error, outcome.took);
    if (const auto change = states->note(outcome, RegistryStates::Clock::now())) log_change(*change);
  };
  registries.settings.http.on_exception = log_lost_check;
  aws_ = std::move(registries.aws);
  return std::move(registries.settings);
}

Status Service::load(const ServeSettings& settings) {
  TEGATA_CHECK(check_given(settings.policy, "--policy FILE|DIR"));
  TEGATA_CHECK(check_given(settings.tls_cert_file, "--tls-cert-file FILE"));
  TEGATA_CHECK(check_given(settings.tls_private_key_file, "--tls-private-key-file FILE"));
  TEGATA_CHECK(check_given(settings.audit_log, "--audit-log FILE|-"));
  if (settings.audit_log == kDropsRecords)
    log(LogLevel::Warning, "no decision is recorded: the audit log is /dev/null");
  TEGATA_TRY(auto loaded, load_policies(settings));
  TEGATA_CHECK(check_clients(settings));
  TEGATA_TRY(tls_, http::TlsContext::load(tls_files(settings), now()));
  warn_of_expiry(tls_->not_after());
  TEGATA_TRY(hasher_, installation_hasher(settings.state_dir));
  metrics_ = std::make_shared<Metrics>(*loaded.policies, TEGATA_VERSION, tls_->not_after());
  metrics_->serves_in(settings.mode);
  auto deciding = engine_settings(settings);
  memory_ = share_memory(settings.memory_limit);
  deciding.memory = memory_;
  TEGATA_TRY(deciding.registries, registries(settings));
  deciding.aws = aws_;
  TEGATA_TRY(engine_, Engine::open(std::move(loaded), std::move(deciding)));
  reload_ = std::make_shared<Reload>(
      settings.policy, engine_->served(),
      [policy = settings.policy, root = settings.trusted_root] { return load_with_trust(policy, root); },
      [this](LoadedPolicies changed) { serve(std::move(changed)); });
  add_metrics();
  add_refusal_metrics();
  add_reload_metrics();
  return done();
}

void Service::add_metrics() {
  using Kind = Metrics::Kind;
  metrics_->add_source(Kind::Counter, "tegata_audit_records_lost_total",
                       "Decisions that could not be written to the audit log", {},
                       [audit = engine_->audit()] {
                         return audit == nullptr ? 0.0 : static_cast<double>(audit->counts().lost);
                       });
  if (engine_->evidence() != nullptr)
    metrics_->add_source(Kind::Counter, "tegata_evidence_lost_total", "Evidence that could not be stored", {},
                         [store = engine_->evidence()] { return static_cast<double>(store->failures()); });
  const auto add = [&](Kind kind, const char* name, const char* help, auto number) {
    const auto gatherer = engine_->gatherer();
    const auto all = gatherer->get()->counts();
    for (std::size_t i = 0; i < all.size(); ++i)
      metrics_->add_source(kind, name, help, {{"cache", std::string(all[i].first)}}, [=] {
        return static_cast<double>(number(gatherer->get()->counts().at(i).second));
      });
  };
  using Counts = verifier::CacheCounts;
  add(Kind::Counter, "tegata_cache_hits_total", "Facts found in the cache",
      [](const Counts& c) { return c.hits; });
  add(Kind::Counter, "tegata_cache_misses_total", "Facts not found in the cache",
      [](const Counts& c) { return c.flights + c.joins; });
  add(Kind::Counter, "tegata_cache_evictions_total", "Facts evicted from the cache",
      [](const Counts& c) { return c.evictions; });
  add(Kind::Gauge, "tegata_cache_entries", "Facts in the cache", [](const Counts& c) { return c.entries; });
}

Status Service::listen(const ServeSettings& settings) {
  const http::OnBug on_bug = [metrics = metrics_](const std::string& bug) {
    metrics->internal_error();
    log(LogLevel::Error, "internal error while serving", {{"error", bug}});
  };
  http::HttpServerSettings probes;
  probes.listen = settings.metrics_listen;
  probes.on_bug = on_bug;
  probes.answer = http::HttplibRouter(probe_routes(health_, metrics_));
  probes.max_body = 0;
  probes.max_connections = limits::kProbeConnections;
  probes.polling_threads = 2;
  probes.max_handlers = limits::kProbeThreads;
  probes.keep_alive = limits::kProbeKeepAlive;
  TEGATA_TRY(probes_, http::HttpServer::start(std::move(probes)));

  http::HttpServerSettings webhook;
  webhook.listen = settings.listen;
  webhook.tls = tls_;
  webhook.on_bug = on_bug;
  webhook.on_refusal = [refused = refused_](const http::Refusal& refusal) { refused->add(refusal); };
  webhook.client_names = settings.client_names;
  webhook.polling_threads = polling_threads();
  webhook.body_budget = memory_.bodies;
  webhook.max_connections = within_descriptors(memory_.connections);
  const auto callers = settings.client_ca_file.empty() ? http::Callers::All : http::Callers::Authenticated;
  const http::Router router(
      {{http::Method::PostJson, "/validate",
        AdmissionHandler(engine_->decider(), hasher_, settings.min_budget, metrics_), callers}});
  webhook.answer = router;
  webhook.refuse_early = [router](const http::RequestHead& head, std::string_view caller) {
    return router.refuse_early(head, caller);
  };
  TEGATA_TRY(webhook_, http::HttpServer::start(std::move(webhook)));
  return done();
}

void Service::add_refusal_metrics() {
  for (std::size_t place = 0; place < RefusedRequests::kStatuses.size(); ++place)
    metrics_->add_source(Metrics::Kind::Counter, "tegata_http_refused_total",
                         "Requests that were refused before they were read: no review was judged",
                         {{"code", std::to_string(RefusedRequests::kStatuses[place])}},
                         [refused = refused_, place] { return static_cast<double>(refused->count(place)); });
}

void Service::add_reload_metrics() {
  using Kind = Metrics::Kind;
  const auto reloads = "tegata_policy_reloads_total";
  const auto help = "Changed policies: good ones are served, broken ones are not";
  metrics_->add_source(Kind::Counter, reloads, help, {{"result", "good"}},
                       [reload = reload_] { return static_cast<double>(reload->good()); });
  metrics_->add_source(Kind::Counter, reloads, help, {{"result", "broken"}},
                       [reload = reload_] { return static_cast<double>(reload->broken()); });
  metrics_->add_source(Kind::Gauge, "tegata_policy_broken",
                       "1 if the policies on disk cannot be loaded, else 0", {},
                       [reload = reload_] { return reload->is_broken() ? 1.0 : 0.0; });
  metrics_->add_source(Kind::Gauge, "tegata_trusted_root_expiry_seconds",
                       "Seconds until the first part of a trusted root that policies need expires", {},
                       [roots = roots_] { return roots->seconds_left(now()); });
}

void Service::watch(const ServeSettings& settings) {
  certificate_ = std::make_unique<CertificateReload>(
      tls_files(settings),
      [this](std::shared_ptr<const http::TlsContext> tls) {
        warn_of_expiry(tls->not_after());
        metrics_->certificate_changed(tls->not_after());
        webhook_->replace_tls(std::move(tls));
      },
      [this] { metrics_->certificate_refused(); });
  watch_ = std::make_unique<Watch>(kLookForChanges, [this](Watch::Look why) { look(why); });
}

void Service::serve(LoadedPolicies loaded) {
  for (const auto& warning : policy::lint(*loaded.policies, now())) log(LogLevel::Warning, warning.text());
  metrics_->policies_changed(*loaded.policies);  // first: rules must be known before they are counted
  roots_->replace(root_expiries(*loaded.policies, *loaded.trust));
  engine_->serve(std::move(loaded));
}

void Service::look(Watch::Look why) {
  const auto all = [&] {
    if (why == Watch::Look::Asked) engine_->reopen_audit_log();
    certificate_->look(why, now());
    docker_->look(why, DockerConfigReload::Clock::now());
    if (why == Watch::Look::Asked) engine_->forget_authentication();
    reload_->look(why, Reload::Clock::now());
    roots_->warn(now());
    return true;
  };
  guard(all, [](const std::string& bug) {
    log(LogLevel::Error, "internal error while checking for changed files", {{"bug", bug}});
    return false;
  });
}

void Service::look_now() {
  if (watch_ != nullptr) watch_->look_now();
}

void Service::begin_shutdown() {
  health_->set(Health::State::ShuttingDown);
  if (webhook_ != nullptr) webhook_->begin_drain();
}

void Service::stop() {
  begin_shutdown();
  watch_.reset();
  if (engine_ != nullptr) engine_->end_checks(Deadline::after(limits::kDrainChecks));
  if (webhook_ != nullptr) webhook_->stop();
  if (probes_ != nullptr) probes_->stop();
}

}  // namespace tegata::webhook
