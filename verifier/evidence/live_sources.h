// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "policy/model/fact.h"
#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_maker.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

class EvidenceStore;

/// Merges concurrent requests for the same manifest into one request to `inner`: signatures and labels of an
/// image are looked up in parallel and start with the same manifest. Nothing is cached. Thread-safe; `inner`
/// must outlive every fetch. A fetch may outlive this object.
class SharedManifestSource final : public ContentSource {
 public:
  explicit SharedManifestSource(ContentSource& inner);

  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override;

 private:
  struct SubjectHash {
    std::size_t operator()(const FactSubject& subject) const noexcept { return hash_of(subject); }
  };
  using Flights = FactCache<FactSubject, ContentAnswer, SubjectHash>;

  ContentSource& inner_;
  Flights flights_;
};

/// The source that one fact is read from. It counts the requests to `source`, answers one manifest that the
/// tag lookup may already have returned, and may record the answers. The layers are drawn in
/// content_source.h. Copies share one state. Thread-safe; `source` must outlive every fetch.
class ImageSource {
 public:
  /// `manifest`: of the subject's digest, or null. `store`: null if nothing is recorded.
  ImageSource(ContentSource& source, FactSubject subject, std::shared_ptr<const Content> manifest,
              const std::shared_ptr<EvidenceStore>& store);

  [[nodiscard]] ContentSource& first() const noexcept { return *first_; }
  /// The trace of all answers so far; empty if nothing is recorded.
  [[nodiscard]] Evidence evidence() const;
  /// The number of requests that were forwarded to `source`.
  [[nodiscard]] std::size_t requests() const noexcept;

 private:
  class Counting;
  std::shared_ptr<Counting> counting_;
  std::shared_ptr<class RecordingSource> recording_;  ///< null: nothing is recorded
  ContentSource* first_;
};

}  // namespace tegata::verifier
