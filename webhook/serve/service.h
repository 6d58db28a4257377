// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "verifier/crypto/key_ring.h"
#include "verifier/evidence/live_gatherer.h"
#include "verifier/oci/registry_source.h"
#include "webhook/audit/audit_log.h"
#include "webhook/decide.h"
#include "webhook/http/http_server.h"
#include "webhook/kubernetes/admission_review.h"
#include "webhook/metrics/metrics.h"
#include "webhook/serve/health.h"
#include "webhook/serve/serve_settings.h"

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
  [[nodiscard]] const policy::PolicySet& policies() const noexcept { return *policies_; }
  [[nodiscard]] int metrics_port() const noexcept { return probes_->port(); }

  /// /readyz answers 503, replies carry `Connection: close`, and everything is still served.
  void begin_shutdown();
  /// begin_shutdown(), then serves what was asked and closes.
  void stop();

 private:
  Service() = default;
  [[nodiscard]] Status load(const ServeSettings& settings);
  [[nodiscard]] Status listen(const ServeSettings& settings);
  [[nodiscard]] Status load_policies(const std::string& path);
  [[nodiscard]] Status open_evidence(const ServeSettings& settings);
  void add_metrics();

  // In the order of construction: what comes later uses what came before, and goes first.
  std::shared_ptr<const verifier::KeyRing> keys_;
  std::shared_ptr<const policy::PolicySet> policies_;
  std::shared_ptr<const http::TlsContext> tls_;
  std::unique_ptr<verifier::RegistrySource> registries_;
  std::shared_ptr<verifier::EvidenceStore> evidence_;
  std::shared_ptr<AuditLog> audit_;
  std::shared_ptr<verifier::LiveGatherer> gatherer_;
  std::shared_ptr<const Decider> decider_;
  kubernetes::ValueHasher hasher_;
  std::shared_ptr<Metrics> metrics_;
  std::shared_ptr<Health> health_ = std::make_shared<Health>();
  std::unique_ptr<http::HttpServer> probes_;
  std::unique_ptr<http::HttpServer> webhook_;
};

}  // namespace tegata::webhook
