// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "webhook/http/router.h"
#include "webhook/metrics/metrics.h"

namespace tegata::webhook {

/// Whether the webhook is ready for requests.
class Health {
 public:
  enum class State { Starting, Serving, ShuttingDown };
  void set(State state) noexcept { state_ = state; }
  [[nodiscard]] State state() const noexcept { return state_; }

 private:
  std::atomic<State> state_ = State::Starting;
};

/// The routes of the metrics address: /livez (200 while the process runs), /readyz and its alias /healthz
/// (200 while serving, else 503; `?verbose` gives the reason) and /metrics.
[[nodiscard]] std::vector<http::Route> probe_routes(std::shared_ptr<const Health> health,
                                                    std::shared_ptr<const Metrics> metrics);

}  // namespace tegata::webhook
