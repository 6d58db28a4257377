// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/shutdown_signals.h"

#include <unistd.h>

namespace tegata::webhook {

ShutdownSignals::ShutdownSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

ShutdownSignals::~ShutdownSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int ShutdownSignals::wait() {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0) {
  }
  // Not SIG_DFL: the kernel does not end process 1 by a default action.
  struct sigaction at_once {};
  at_once.sa_handler = [](int second) { ::_exit(128 + second); };
  ::sigaction(SIGTERM, &at_once, nullptr);
  ::sigaction(SIGINT, &at_once, nullptr);
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  return signal;
}

}  // namespace tegata::webhook
