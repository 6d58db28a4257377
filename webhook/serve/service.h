// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "webhook/engine/engine.h"
#include "webhook/http/http_server.h"
#include "webhook/kubernetes/admission_review.h"
#include "webhook/metrics/metrics.h"
#include "webhook/serve/health.h"
#include "webhook/serve/refused_requests.h"
#include "webhook/serve/reload.h"
#include "webhook/serve/root_expiry.h"
#include "webhook/serve/serve_settings.h"
#include "webhook/serve/watch.h"

namespace tegata::webhook {

/// The running parts of `tegata serve`.
class Service {
 public:
  /// Loads and checks everything, then listens: on the metrics address first, with /readyz answering 503
  /// until the webhook's address is served too.
  [[nodiscard]] static Result<std::unique_ptr<Service>> start(const ServeSettings& settings);
  /// As stop().
  ~Service();

  [[nodiscard]] int port() const noexcept { return webhook_->port(); }
  /// The current decider, with its policies.
  [[nodiscard]] std::shared_ptr<const Decider> decider() const { return engine_->decider()->get(); }
  [[nodiscard]] int metrics_port() const noexcept { return probes_->port(); }

  /// Starts a check for changed policies, roots, credentials and certificate, and does not wait for it.
  void look_now();

  /// /readyz answers 503 and replies carry `Connection: close`; requests are still served.
  void begin_shutdown();
  /// begin_shutdown(), then finishes open requests and closes.
  void stop();

 private:
  Service() = default;
  [[nodiscard]] Status load(const ServeSettings& settings);
  [[nodiscard]] Status listen(const ServeSettings& settings);
  [[nodiscard]] Result<LoadedPolicies> load_policies(const ServeSettings& settings);
  /// Registry settings with logging and counting of requests.
  [[nodiscard]] Result<verifier::RegistrySettings> registries(const ServeSettings& settings);
  void add_metrics();
  void add_refusal_metrics();
  void add_reload_metrics();
  /// The members below run on the watch's thread.
  void watch(const ServeSettings& settings);
  void serve(LoadedPolicies loaded);
  void look(Watch::Look why);

  // In the order of construction: later members use earlier ones and are destroyed first.
  MemoryShares memory_;
  std::unique_ptr<Engine> engine_;
  std::shared_ptr<const http::TlsContext> tls_;
  kubernetes::ValueHasher hasher_;
  std::shared_ptr<Metrics> metrics_;
  std::shared_ptr<Health> health_ = std::make_shared<Health>();
  std::shared_ptr<RefusedRequests> refused_ = std::make_shared<RefusedRequests>();
  std::unique_ptr<http::HttpServer> probes_;
  std::unique_ptr<http::HttpServer> webhook_;
  std::shared_ptr<RootWarnings> roots_ = std::make_shared<RootWarnings>();
  std::shared_ptr<Reload> reload_;
  std::unique_ptr<CertificateReload> certificate_;
  std::unique_ptr<DockerConfigReload> docker_;
  std::shared_ptr<verifier::AwsClient> aws_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace tegata::webhook
