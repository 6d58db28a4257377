// SPDX-License-Identifier: Apache-2.0
#include "webhook/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <sstream>
#include <utility>
#include <vector>

#include "webhook/metrics/decision_counters.h"
#include "webhook/metrics/process_metrics.h"
#include "webhook/metrics/registry_counters.h"

namespace tegata::webhook {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;

const prometheus::Histogram::BucketBoundaries kSeconds{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

struct Source {
  Metrics::Kind kind;
  std::string name;
  std::string help;
  std::map<std::string, std::string> labels;
  std::function<double()> read;

  [[nodiscard]] prometheus::ClientMetric metric() const {
    prometheus::ClientMetric metric;
    for (const auto& [label, value] : labels) metric.label.push_back({label, value});
    (kind == Metrics::Kind::Counter ? metric.counter.value : metric.gauge.value) = read();
    return metric;
  }
};

/// Adds the source's value to `families`, to the last family if that has the same name.
void append(std::vector<prometheus::MetricFamily>& families, const Source& source) {
  if (families.empty() || families.back().name != source.name) {
    const auto type = source.kind == Metrics::Kind::Counter ? prometheus::MetricType::Counter
                                                            : prometheus::MetricType::Gauge;
    families.push_back({source.name, source.help, type, {}});
  }
  families.back().metric.push_back(source.metric());
}

}  // namespace

struct Metrics::Families {
  prometheus::Registry registry;
  RequestCounters requests{BuildCounter()
                               .Name("tegata_admission_requests_total")
                               .Help("Admission requests by operation, kind, decision and dry run")
                               .Register(registry)};
  prometheus::Histogram& duration = BuildHistogram()
                                        .Name("tegata_admission_duration_seconds")
                                        .Help("Seconds from the arrival of a request to its answer")
                                        .Register(registry)
                                        .Add({}, kSeconds);
  WouldDenyCounters would_deny{
      BuildCounter()
          .Name("tegata_admission_would_deny_total")
          .Help("Requests that were not denied only because of dry run or warn, by what was done instead")
          .Register(registry)};
  prometheus::Gauge& in_flight = BuildGauge()
                                     .Name("tegata_admission_in_flight")
                                     .Help("Admission requests in progress")
                                     .Register(registry)
                                     .Add({});
  RuleCounters rules;
  ReasonCounters reasons{
      BuildCounter()
          .Name("tegata_reasons_total")
          .Help("Verdicts by reason for the denial, including those that only dry run allows")
          .Register(registry)};
  prometheus::Counter& internal_errors = BuildCounter()
                                             .Name("tegata_internal_errors_total")
                                             .Help("Internal errors; each is an error in the log")
                                             .Register(registry)
                                             .Add({});
  RegistryCounters registries{registry};
  std::vector<Source> sources;
  prometheus::Family<prometheus::Gauge>& policy_info =
      BuildGauge().Name("tegata_policy_info").Help("The policies in use").Register(registry);
  prometheus::Gauge* served_policy = nullptr;
  prometheus::Gauge& certificate_expiry = BuildGauge()
                                              .Name("tegata_tls_certificate_expiry_timestamp_seconds")
                                              .Help("When the serving certificate expires, in Unix seconds")
                                              .Register(registry)
                                              .Add({});

  prometheus::Family<prometheus::Counter>& certificate_reloads =
      BuildCounter()
          .Name("tegata_tls_reloads_total")
          .Help("Changed serving certificates: good ones are in use, broken ones are not")
          .Register(registry);
  prometheus::Counter& certificates_good = certificate_reloads.Add({{"result", "good"}});
  prometheus::Counter& certificates_broken = certificate_reloads.Add({{"result", "broken"}});

  explicit Families(const policy::PolicySet& policies)
      : rules(BuildCounter()
                  .Name("tegata_rule_results_total")
                  .Help("Findings by policy, rule and kind")
                  .Register(registry),
              policies) {}
  void gauge(const char* name, const char* help, const prometheus::Labels& labels, double value) {
    BuildGauge().Name(name).Help(help).Register(registry).Add(labels).Set(value);
  }
};

Metrics::Metrics(const policy::PolicySet& policies, const std::string& version, Time certificate_expiry)
    : families_(std::make_unique<Families>(policies)) {
  families_->gauge("tegata_build_info", "Version of the running program", {{"version", version}}, 1);
  policies_changed(policies);
  show_expiry(certificate_expiry);
}
Metrics::~Metrics() = default;

void Metrics::policies_changed(const policy::PolicySet& policies) {
  families_->rules.add(policies);
  families_->registries.add(named_registries(policies));
  auto* before =
      std::exchange(families_->served_policy, &families_->policy_info.Add({{"hash", policies.hash}}));
  families_->served_policy->Set(1);
  if (before != nullptr && before != families_->served_policy) families_->policy_info.Remove(before);
}

void Metrics::certificate_changed(Time expiry) {
  families_->certificates_good.Increment();
  show_expiry(expiry);
}

void Metrics::certificate_refused() { families_->certificates_broken.Increment(); }

void Metrics::serves_in(policy::Mode mode) {
  auto& family = BuildGauge().Name("tegata_mode").Help("1 for the mode in use").Register(families_->registry);
  family.Add({{"mode", "enforce"}}).Set(mode == policy::Mode::Enforce ? 1 : 0);
  family.Add({{"mode", "dryrun"}}).Set(mode == policy::Mode::DryRun ? 1 : 0);
}

void Metrics::show_expiry(Time expiry) {
  families_->certificate_expiry.Set(static_cast<double>(expiry.time_since_epoch().count()) / 1000);
}

void Metrics::registries_named(const std::set<std::string>& registries) {
  families_->registries.add(registries);
}

void Metrics::registry_asked(const std::string& registry, const std::optional<Error>& error,
                             std::chrono::nanoseconds took) {
  families_->registries.count(registry, error, took);
}

void Metrics::answered(const Reading& reading, const Verdict& verdict, std::chrono::nanoseconds took) {
  families_->requests.count(reading, verdict);
  families_->would_deny.count(verdict);
  families_->rules.count(verdict);
  families_->reasons.count(verdict);
  families_->duration.Observe(std::chrono::duration<double>(took).count());
}

void Metrics::unreadable() { families_->requests.count_unreadable(); }

void Metrics::internal_error() { families_->internal_errors.Increment(); }

Metrics::InFlight::InFlight(Metrics& metrics) : metrics_(metrics) {
  metrics_.families_->in_flight.Increment();
}
Metrics::InFlight::~InFlight() { metrics_.families_->in_flight.Decrement(); }

void Metrics::add_source(Kind kind, const std::string& name, const std::string& help,
                         const std::map<std::string, std::string>& labels, std::function<double()> read) {
  families_->sources.push_back({kind, name, help, labels, std::move(read)});
}

std::string Metrics::text() const {
  auto families = families_->registry.Collect();
  for (const auto& source : families_->sources) append(families, source);
  for (auto& family : process_metrics()) families.push_back(std::move(family));
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return std::move(text).str();
}

}  // namespace tegata::webhook
