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
  std::string error;  ///< of the question that showed it; empty for Answering
};

/// How each registry fares, so that a change is logged once and not for each question. A registry fails from
/// the first question that fails. It fails in another way, or answers again, once limits::kRegistryCalm
/// passed without a failure of the kind before: one repository may be refused while others are not. At most
/// limits::kRegistries are remembered. Thread-safe.
class RegistryStates {
 public:
  using Clock = std::chrono::steady_clock;

  /// What changed by this outcome, if anything.
  [[nodiscard]] std::optional<RegistryChange> note(const verifier::RegistryOutcome& outcome,
                                                   Clock::time_point now);

 private:
  struct One {
    RegistryState state = RegistryState::Answering;
    Clock::time_point failed{};  ///< for the last time in the way that `state` says
    Clock::time_point asked{};
  };
  std::mutex mutex_;
  std::map<std::string, One> registries_;
};

/// One line of the log.
void log_change(const RegistryChange& change);

}  // namespace tegata::webhook
