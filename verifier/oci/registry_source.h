// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "verifier/oci/content_source.h"
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {

/// Live registries (OCI distribution-spec 1.1, Docker Registry HTTP API V2).
///
/// Sends only the requests that are needed: no ping, no HEAD. Manifests are requested with the media types
/// that parse_manifest knows, and the response must have one of them. The digest of all content is computed
/// here, and compared with the requested digest and with Docker-Content-Digest if the registry sends it.
class RegistrySource final : public ContentSource {
 public:
  /// Misconfigured if the CA file cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<RegistrySource>> open(RegistrySettings settings);

  /// Every fetch in progress is answered (CutShort) before this returns. Must not run on a thread on which
  /// `done` is called.
  ~RegistrySource() override = default;
  RegistrySource(const RegistrySource&) = delete;
  RegistrySource& operator=(const RegistrySource&) = delete;

  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override;

  /// Runs `task` on the threads on which `done` is called, in the turn of `askers`. Thread-safe.
  void post(const std::shared_ptr<Askers>& askers, std::function<void()> task) {
    transport_.post(askers, std::move(task));
  }

  /// Forgets tokens and token services; the credentials of RegistrySettings stay.
  void forget_authentication() { client_.forget_authentication(); }

 private:
  class Batch;
  explicit RegistrySource(RegistrySettings settings);

  using Answer = std::function<void(ContentAnswer)>;
  void start(const ContentRequest& request, Terms terms, Answer answer);
  void start_manifest(const Repository& repository, const std::string& reference,
                      std::optional<Digest> expected, Terms terms, Answer answer);
  void start_blob(const BlobRequest& blob, Terms terms, Answer answer);

  const RegistrySettings settings_;
  RegistryClient client_;
  HttpTransport transport_;  ///< last: its callbacks use the others, and it waits for them
};

}  // namespace tegata::verifier
