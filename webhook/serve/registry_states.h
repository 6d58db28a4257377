// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "verifier/oci/registry_settings.h"

namespace tegata::webhook {

enum class RegistryState { Answering, Unreachable, Refusing, Throttling, Unexpected };

struct RegistryChange {
  std::string registry;
  RegistryState from;
  RegistryState to;
  std::string error;  ///< of the request that showed it; empty for Answering
};

/// The state of each registry, so that a change is logged once and not for each request. A registry is
/// failing from the first request that fails. It changes to another failure, or recovers, once
/// limits::kRegistryCalm has passed without a failure of the previous kind: one repository may be refused
/// while others are not. At most limits::kRegistries are kept. Thread-safe.
class RegistryStates {
 public:
  using Clock = std::chrono::steady_clock;

  /// The state change that this outcome causes, if any.
  [[nodiscard]] std::optional<RegistryChange> note(const verifier::RegistryOutcome& outcome,
                                                   Clock::time_point now);

 private:
  struct One {
    RegistryState state = RegistryState::Answering;
    Clock::time_point failed{};  ///< last failure of the kind that `state` says
    Clock::time_point asked{};
  };
  std::mutex mutex_;
  std::map<std::string, One> registries_;
};

/// Writes one log line.
void log_change(const RegistryChange& change);

}  // namespace tegata::webhook
