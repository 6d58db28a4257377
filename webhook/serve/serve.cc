// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "webhook/log/log.h"
#include "webhook/serve/serve_settings.h"
#include "webhook/serve/service.h"
#include "webhook/serve/shutdown_signals.h"

namespace tegata::webhook {

Status run_serve(const ServeSettings& settings) {
  ShutdownSignals signals;
  TEGATA_TRY(const auto service, Service::start(settings));
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
  // Endpoints are withdrawn a while after the signal: until then new requests still come here.
  std::this_thread::sleep_for(settings.drain_grace);
  service->stop();
  log(LogLevel::Info, "stopped");
  return done();
}

}  // namespace tegata::webhook
