// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <functional>

namespace tegata::webhook {

/// SIGTERM, SIGINT and SIGHUP, waited for instead of handled. Made before any thread is started, so that
/// every thread leaves them to this one.
class ShutdownSignals {
 public:
  ShutdownSignals();
  ~ShutdownSignals();
  ShutdownSignals(const ShutdownSignals&) = delete;
  ShutdownSignals& operator=(const ShutdownSignals&) = delete;

  /// Returns with the first; until then each SIGHUP calls `on_hangup`, here. From then on a second one ends
  /// the process at once, with 128 + signal, also where we are process 1 of a container.
  [[nodiscard]] int wait(const std::function<void()>& on_hangup);

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace tegata::webhook
