// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verifier/evidence/fact_cache.h"
#include "verifier/evidence/fact_key.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

/// Another source, of which a manifest is asked once where several ask for it at one time: an image's
/// signatures and its labels are looked up side by side, and begin with the same one. Nothing is kept.
/// Thread-safe; `inner` must outlive every fetch. A fetch may outlive this.
class SharedManifestSource final : public ContentSource {
 public:
  explicit SharedManifestSource(ContentSource& inner);

  void fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) override;

 private:
  struct SubjectHash {
    std::size_t operator()(const FactSubject& subject) const noexcept { return hash_of(subject); }
  };
  using Flights = FactCache<FactSubject, ContentAnswer, SubjectHash>;

  ContentSource& inner_;
  Flights flights_;
};

}  // namespace tegata::verifier
