// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "policy/model/fact.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

class EvidenceStore;

/// Hands requests on to another source, and remembers what was asked and answered: bytes in the
/// store, the rest as a trace (see trace.h). For one image's facts. Thread-safe; `inner` must outlive
/// every fetch.
///
/// Bytes that the store could not take are still answered: the facts are true, but a replay will
/// miss them (EvidenceStore::failures() counts).
class RecordingSource final : public ContentSource {
 public:
  RecordingSource(ContentSource& inner, std::shared_ptr<EvidenceStore> store);

  void fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) override;

  /// Everything that was answered so far.
  [[nodiscard]] Evidence evidence() const;

 private:
  struct Recording;
  ContentSource& inner_;
  std::shared_ptr<Recording> recording_;
};

}  // namespace tegata::verifier
