// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "policy/model/fact.h"
#include "verifier/evidence/fact_key.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

class EvidenceStore;

/// What one fact is read through: another source, whose requests are counted; of which one manifest may be
/// known already, because the tag was just answered with it; and whose answers may be recorded. Copies
/// share one state. Thread-safe; `source` must outlive every fetch.
class ImageSource {
 public:
  /// `manifest`: of the subject's digest, or null. `store`: null where nothing is recorded.
  ImageSource(ContentSource& source, FactSubject subject, std::shared_ptr<const Content> manifest,
              const std::shared_ptr<EvidenceStore>& store);

  [[nodiscard]] ContentSource& first() const noexcept { return *first_; }
  /// Everything that was answered so far; nothing where nothing is recorded.
  [[nodiscard]] Evidence evidence() const;
  /// Requests that were handed on to `source`.
  [[nodiscard]] std::size_t requests() const noexcept;

 private:
  class Counting;
  std::shared_ptr<Counting> counting_;
  std::shared_ptr<class RecordingSource> recording_;  ///< null: nothing is recorded
  ContentSource* first_;
};

}  // namespace tegata::verifier
