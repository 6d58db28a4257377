// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "webhook/engine/engine.h"
#include "webhook/http/http_server.h"
#include "webhook/kubernetes/admission_review.h"
#include "webhook/metrics/metrics.h"
#include "webhook/serve/certificate_reload.h"
#include "webhook/serve/docker_config_reload.h"
#include "webhook/serve/health.h"
#include "webhook/serve/reload.h"
#include "webhook/serve/root_warnings.h"
#include "webhook/serve/serve_settings.h"
#include "webhook/serve/watch.h"

namespace tegata::webhook {

/// Everything that `tegata serve` holds while it runs.
class Service {
 public:
  /// Loads and checks everything, and then listens: on the metrics address first, /readyz answering
  /// 503 until the webhook's address is served too.
  [[nodiscard]] static Result<std::unique_ptr<Service>> start(const ServeSettings& settings);
  /// As stop().
  ~Service();

  [[nodiscard]] int port() const noexcept { return webhook_->port(); }
  /// What decides now, and by which policies.
  [[nodiscard]] std::shared_ptr<const Decider> decider() const { return engine_->decider()->get(); }
  [[nodiscard]] int metrics_port() const noexcept { return probes_->port(); }

  /// Looks at once whether policies, roots or the certificate changed. Does not wait for it.
  void look_now();

  /// /readyz answers 503, replies carry `Connection: close`, and everything is still served.
  void begin_shutdown();
  /// begin_shutdown(), then serves what was asked and closes.
  void stop();

 private:
  Service() = default;
  [[nodiscard]] Status load(const ServeSettings& settings);
  [[nodiscard]] Status listen(const ServeSettings& settings);
  [[nodiscard]] Result<LoadedPolicies> load_policies(const ServeSettings& settings);
  /// With what is logged and counted of each registry.
  [[nodiscard]] Result<verifier::RegistrySettings> registries(const ServeSettings& settings);
  void add_metrics();
  void add_reload_metrics();
  /// On the watch's thread, from here on.
  void watch(const ServeSettings& settings);
  void serve(LoadedPolicies loaded);
  void look(Watch::Look why);

  // In the order of construction: what comes later uses what came before, and goes first.
  std::unique_ptr<Engine> engine_;
  std::shared_ptr<const http::TlsContext> tls_;
  kubernetes::ValueHasher hasher_;
  std::shared_ptr<Metrics> metrics_;
  std::shared_ptr<Health> health_ = std::make_shared<Health>();
  std::unique_ptr<http::HttpServer> probes_;
  std::unique_ptr<http::HttpServer> webhook_;
  std::shared_ptr<RootWarnings> roots_ = std::make_shared<RootWarnings>();
  std::shared_ptr<Reload> reload_;
  std::unique_ptr<CertificateReload> certificate_;
  std::unique_ptr<DockerConfigReload> docker_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace tegata::webhook
