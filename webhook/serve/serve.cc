// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <thread>
#include <utility>

#include "webhook/log/log.h"
#include "webhook/out_of_memory.h"
#include "webhook/serve/serve_settings.h"
#include "webhook/serve/service.h"

namespace tegata::webhook {
namespace {

/// Waits for SIGTERM, SIGINT and SIGHUP instead of handling them. Must be created before any thread starts,
/// so that all threads inherit the blocked signals.
class ShutdownSignals {
 public:
  ShutdownSignals();
  ~ShutdownSignals();
  ShutdownSignals(const ShutdownSignals&) = delete;
  ShutdownSignals& operator=(const ShutdownSignals&) = delete;

  /// Returns the first SIGTERM or SIGINT; until then each SIGHUP calls `on_hangup` on this thread. A second
  /// signal ends the process at once with exit code 128 + signal, also as process 1 of a container.
  [[nodiscard]] int wait(const std::function<void()>& on_hangup);

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

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
  // Not SIG_DFL: the kernel ignores default actions for process 1.
  struct sigaction at_once {};
  at_once.sa_handler = [](int second) { ::_exit(128 + second); };
  ::sigaction(SIGTERM, &at_once, nullptr);
  ::sigaction(SIGINT, &at_once, nullptr);
  ::signal(SIGHUP, SIG_IGN);  // nothing is reloaded during shutdown
  pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  return signal;
}

/// Each connection needs a file descriptor, and the limit at the start is often 1,024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // without effect if it fails: fewer connections are then kept
}

/// Large blocks return to the system when they are freed. By default the allocator raises this threshold with
/// the first of them and keeps the memory of later ones: a few large reviews would then fill it for good.
/// There are few arenas, since one thread cannot use what another one freed in its own.
void keep_memory_together() {
  constexpr int kThreshold = 1024 * 1024;
  constexpr int kArenas = 4;
  ::mallopt(M_MMAP_THRESHOLD, kThreshold);
  ::mallopt(M_ARENA_MAX, std::max(kArenas, static_cast<int>(std::thread::hardware_concurrency())));
}

}  // namespace

Status run_serve(const ServeSettings& settings) {
  ShutdownSignals signals;
  raise_descriptor_limit();
  keep_memory_together();
  TEGATA_TRY(const auto service, Service::start(settings));
  OutOfMemory::wait();
  const auto decider = service->decider();
  log(LogLevel::Info, "serving",
      {{"listen", settings.listen},
       {"port", std::to_string(service->port())},
       {"metricsListen", settings.metrics_listen},
       {"metricsPort", std::to_string(service->metrics_port())},
       {"mode", settings.mode == policy::Mode::DryRun ? "dry-run" : "enforce"},
       {"policies", std::to_string(decider->policies().policies.size())},
       {"policyHash", decider->policies().hash},
       {"version", TEGATA_VERSION}});
  const int signal = signals.wait([&service] { service->look_now(); });
  service->begin_shutdown();
  log(LogLevel::Info, "shutting down",
      {{"signal", std::to_string(signal)}, {"graceMs", std::to_string(settings.drain_grace.count())}});
  // Kubernetes withdraws endpoints some time after the signal: until then new requests still arrive.
  std::this_thread::sleep_for(settings.drain_grace);
  service->stop();
  log(LogLevel::Info, "stopped");
  return done();
}

}  // namespace tegata::webhook
