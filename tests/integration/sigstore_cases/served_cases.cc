// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/sigstore_cases/case_server.h"
#include "tests/support/layout_server.h"
#include "verifier/oci/recorded_layout.h"
#include "verifier/oci/registry_source.h"

namespace tegata::testing {
namespace {

class LiveRegistry : public CaseServer {
 public:
  LiveRegistry(std::unique_ptr<verifier::RegistrySource> source, std::string host)
      : source_(std::move(source)), host_(std::move(host)) {}

  Result<CaseSource> serve(const RecordedCase& one) override {
    TEGATA_TRY(const auto layout, verifier::RecordedLayout::open(one.folder));
    return CaseSource{*source_, {host_, layout.repository().path}};
  }

 private:
  std::unique_ptr<verifier::RegistrySource> source_;
  std::string host_;
};

class ServedLayouts final : public CaseServer {
 public:
  ServedLayouts(std::unique_ptr<LayoutServer> server, std::unique_ptr<CaseServer> client)
      : server_(std::move(server)), client_(std::move(client)) {}

  Result<CaseSource> serve(const RecordedCase& one) override { return client_->serve(one); }

 private:
  std::unique_ptr<LayoutServer> server_;
  std::unique_ptr<CaseServer> client_;
};

}  // namespace

Result<std::unique_ptr<CaseServer>> live_registry(const std::string& host) {
  verifier::RegistrySettings settings;
  settings.insecure_plain_http.insert(host);
  TEGATA_TRY(auto source, verifier::RegistrySource::open(std::move(settings)));
  return std::unique_ptr<CaseServer>(std::make_unique<LiveRegistry>(std::move(source), host));
}

Result<std::unique_ptr<CaseServer>> served_layouts(const std::filesystem::path& cases) {
  auto server = std::make_unique<LayoutServer>(cases);
  TEGATA_TRY(auto client, live_registry(server->host()));
  return std::unique_ptr<CaseServer>(std::make_unique<ServedLayouts>(std::move(server), std::move(client)));
}

}  // namespace tegata::testing
