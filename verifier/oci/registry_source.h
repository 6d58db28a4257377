// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "verifier/oci/content_source.h"
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {

/// Live registries (OCI distribution-spec 1.1, Docker Registry HTTP API V2).
///
/// Nothing is asked but what is asked for: no ping, no HEAD. Manifests are asked for with every media
/// type that parse_manifest knows, and what comes must be of one of them; the digest of every byte
/// used is computed here, compared with what was asked for, and with Docker-Content-Digest where the
/// registry sends one.
class RegistrySource final : public ContentSource {
 public:
  /// Misconfigured where the CA file cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<RegistrySource>> open(RegistrySettings settings);

  /// Every fetch that is still on its way is answered (Unavailable) before this returns. Not on a
  /// thread that `done` is called on.
  ~RegistrySource() override = default;
  RegistrySource(const RegistrySource&) = delete;
  RegistrySource& operator=(const RegistrySource&) = delete;

  void fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) override;

  /// Tokens and token services are forgotten; credentials are those of RegistrySettings all along.
  void forget_authentication() { client_.forget_authentication(); }

 private:
  class Batch;
  explicit RegistrySource(RegistrySettings settings);

  using Answer = std::function<void(ContentAnswer)>;
  void start(const ContentRequest& request, Deadline deadline, Answer answer);
  void start_manifest(const Repository& repository, const std::string& reference,
                      std::optional<Digest> expected, Deadline deadline, Answer answer);
  void start_blob(const BlobRequest& blob, Deadline deadline, Answer answer);

  const RegistrySettings settings_;
  RegistryClient client_;
  HttpTransport transport_;  ///< last: its callbacks use the others, and it waits for them
};

}  // namespace tegata::verifier
