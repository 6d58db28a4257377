// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "policy/document/policy_set.h"
#include "policy/model/result.h"
#include "webhook/current.h"

namespace tegata::webhook {

/// tegata_registry_requests_total{registry, code} and tegata_registry_request_duration_seconds{registry}:
/// for the registries that the configuration names, at most limits::kCountedRegistries. All others are
/// counted as `other`, because images can name any host.
class RegistryCounters {
 public:
  explicit RegistryCounters(prometheus::Registry& registry);
  /// Adds registries to count by name. One that is no longer named keeps its numbers. From one thread at a
  /// time.
  void add(const std::set<std::string>& registries);
  void count(const std::string& registry, const std::optional<Error>& error, std::chrono::nanoseconds took);

 private:
  static constexpr std::array kCodes{"ok",          "unauthorized", "rate_limited",
                                     "unavailable", "timed_out",    "unexpected"};
  struct One {
    std::array<prometheus::Counter*, kCodes.size()> codes{};
    prometheus::Histogram* duration = nullptr;
  };
  using All = std::map<std::string, One>;
  static std::size_t place_of(const std::optional<Error>& error);
  One make(const std::string& registry);

  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  Current<All> all_{std::make_shared<const All>()};
};

/// The registries that policies name: hosts of globs without a `*`, and of signature repositories. Canonical.
[[nodiscard]] std::set<std::string> named_registries(const policy::PolicySet& policies);

}  // namespace tegata::webhook
