// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/model/deadline.h"
#include "policy/model/image_facts.h"

namespace tegata::verifier {

/// Answers a plan's questions. Live: cache, single flight and a registry behind them. Replay: the
/// same verifier over what was recorded.
class Gatherer {
 public:
  virtual ~Gatherer() = default;

  /// An answer to every question of the plan, in its order. What
  /// is not known by the deadline is Unknown{DeadlineExceeded}; the work goes on without the caller
  /// and fills the cache. Thread-safe; waits at most until the deadline.
  [[nodiscard]] virtual GatheredFacts gather(const EvidencePlan& plan, Deadline deadline) = 0;
};

}  // namespace tegata::verifier
