// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "policy/document/policy_set.h"
#include "policy/engine/engine.h"
#include "policy/model/deployment_request.h"
#include "policy/model/verdict.h"

namespace tegata::webhook {

/// The metrics at /metrics for Prometheus. Names begin with `tegata_`, and a request cannot choose a label
/// value (docs/operations.md has the list). Thread-safe.
class Metrics {
 public:
  Metrics(const policy::PolicySet& policies, const std::string& version, Time certificate_expiry);
  ~Metrics();

  /// New policies are in use. From one thread at a time.
  void policies_changed(const policy::PolicySet& policies);
  /// The serving certificate was replaced, or its changed files could not be used.
  void certificate_changed(Time expiry);
  void certificate_refused();
  /// How the program runs. Before serving begins.
  void serves_in(policy::Mode mode);

  /// Registries that the configuration names, besides those of the policies. From one thread at a time.
  void registries_named(const std::set<std::string>& registries);
  /// One request to a registry: its error, if any, and how long it took.
  void registry_asked(const std::string& registry, const std::optional<Error>& error,
                      std::chrono::nanoseconds took);

  /// One request that was answered with a decision.
  void answered(const Reading& reading, const Verdict& verdict, std::chrono::nanoseconds took);
  /// One request without a decision (HTTP 400).
  void unreadable();

  /// An unexpected exception: an internal error, whatever was answered.
  void internal_error();

  /// Counts a request among tegata_admission_in_flight while it lives.
  class InFlight {
   public:
    explicit InFlight(Metrics& metrics);
    ~InFlight();
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

   private:
    Metrics& metrics_;
  };

  enum class Kind { Counter, Gauge };
  /// A number that is kept elsewhere and read for each /metrics request. Only before serving begins. Sources
  /// with the same name must have different `labels` and be added one after another.
  void add_source(Kind kind, const std::string& name, const std::string& help,
                  const std::map<std::string, std::string>& labels, std::function<double()> read);

  /// Prometheus text format 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct Families;
  void show_expiry(Time expiry);
  std::unique_ptr<Families> families_;
};

}  // namespace tegata::webhook
