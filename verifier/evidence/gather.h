// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/evidence_plan.h"
#include "policy/model/image_facts.h"

namespace tegata::verifier {

/// Answers a plan's questions. Live: cache, single flight and a registry behind them. Replay: the
/// same verifier over what was recorded.
class Gatherer {
 public:
  virtual ~Gatherer() = default;

  /// One ImageFacts for each image of the plan, in its order, with an answer to every question. What
  /// is not known by the deadline is Unknown{DeadlineExceeded}; the work goes on without the caller
  /// and fills the cache. Thread-safe; waits at most until the deadline.
  [[nodiscard]] virtual std::vector<ImageFacts> gather(const EvidencePlan& plan, Deadline deadline) = 0;
};

}  // namespace tegata::verifier
