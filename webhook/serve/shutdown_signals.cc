// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/shutdown_signals.h"

#include <unistd.h>

#include <utility>

namespace tegata::webhook {

ShutdownSignals::ShutdownSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

ShutdownSignals::~ShutdownSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int ShutdownSignals::wait(const std::function<void()>& on_hangup) {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0 || signal == SIGHUP)
    if (std::exchange(signal, 0) == SIGHUP) on_hangup();
  // Not SIG_DFL: the kernel does not end process 1 by a default action.
  struct sigaction at_once {};
  at_once.sa_handler = [](int second) { ::_exit(128 + second); };
  ::sigaction(SIGTERM, &at_once, nullptr);
  ::sigaction(SIGINT, &at_once, nullptr);
  ::signal(SIGHUP, SIG_IGN);  // there is nothing left to load for
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  return signal;
}

}  // namespace tegata::webhook
