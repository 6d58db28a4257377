// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

namespace tegata::webhook {

/// SIGTERM and SIGINT, waited for instead of handled. Made before any thread is started, so that
/// every thread leaves them to this one.
class ShutdownSignals {
 public:
  ShutdownSignals();
  ~ShutdownSignals();
  ShutdownSignals(const ShutdownSignals&) = delete;
  ShutdownSignals& operator=(const ShutdownSignals&) = delete;

  /// Returns with the first. From then on a second one ends the process at once, with 128 + signal,
  /// also where we are process 1 of a container.
  [[nodiscard]] int wait();

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace tegata::webhook
