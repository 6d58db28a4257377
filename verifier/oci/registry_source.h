// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "verifier/oci/content_source.h"
#include "verifier/oci/memory_budget.h"
#include "verifier/oci/registry_client.h"

namespace tegata::verifier {

/// Live registries (OCI distribution-spec 1.1, Docker Registry HTTP API V2).
///
/// Sends only the requests that are needed: no ping, no HEAD. Manifests are requested with the media types
/// that parse_manifest knows, and the response must have one of them. The digest of all content is computed
/// here, and compared with the requested digest and with Docker-Content-Digest if the registry sends it.
///
/// If memory is bounded, a fetch waits for memory for its requests that are Memory::NotReserved, until `done`
/// returns: limits::kFirstAnswer for each, and for those that turn out to be larger what they may have at
/// most, as a second request. CutShort if there is none by the deadline.
class RegistrySource final : public ContentSource {
 public:
  /// Misconfigured if the CA file cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<RegistrySource>> open(RegistrySettings settings);

  /// Every fetch in progress is answered (CutShort) before this returns. Must not run on a thread on which
  /// `done` is called.
  ~RegistrySource() override { client_.close(); }
  RegistrySource(const RegistrySource&) = delete;
  RegistrySource& operator=(const RegistrySource&) = delete;

  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override;

  /// Runs `task` on the threads on which `done` is called, in the turn of `askers`. Thread-safe.
  void post(const std::shared_ptr<Askers>& askers, std::function<void()> task) {
    transport_.post(askers, std::move(task));
  }

  /// What the requests with Memory::NotReserved are counted in; null: RegistrySettings::memory is 0.
  [[nodiscard]] const std::shared_ptr<MemoryBudget>& memory() const noexcept { return memory_; }

  /// Forgets tokens and token services; the credentials of RegistrySettings stay.
  void forget_authentication() { client_.forget_authentication(); }

 private:
  class Batch;
  explicit RegistrySource(RegistrySettings settings);

  using Answer = std::function<void(ContentAnswer)>;
  using Places = std::vector<std::size_t>;
  void reserve(const std::shared_ptr<Batch>& batch, std::size_t bytes, std::function<void()> then);
  void ask(const std::shared_ptr<Batch>& batch, const Places& places, std::size_t most);
  void arrived(const std::shared_ptr<Batch>& batch);
  void start(const ContentRequest& request, std::size_t max_bytes, Terms terms, Answer answer);
  void start_manifest(const Repository& repository, const std::string& reference,
                      std::optional<Digest> expected, std::size_t max_bytes, Terms terms, Answer answer);
  void start_blob(const BlobRequest& blob, std::size_t max_bytes, Terms terms, Answer answer);

  const RegistrySettings settings_;
  RegistryClient client_;
  const std::shared_ptr<MemoryBudget> memory_;
  HttpTransport transport_;  ///< last: its callbacks use the others, and it waits for them
};

}  // namespace tegata::verifier
