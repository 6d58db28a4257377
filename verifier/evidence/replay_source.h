// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/evidence/trace.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

class EvidenceStore;

/// Answers as a source answered once, from a trace and the bytes in the store: at once, on the
/// caller's thread. What the trace does not hold, or the store no longer holds, is NotRecorded.
class ReplaySource final : public ContentSource {
 public:
  /// As parse_trace().
  [[nodiscard]] static Result<std::unique_ptr<ReplaySource>> open(std::string_view trace,
                                                                  std::shared_ptr<const EvidenceStore> store);

  void fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) override;

  /// The first NotRecorded that was answered. Then nothing that was made from these answers is what
  /// would have been found at the time.
  [[nodiscard]] const std::optional<Error>& missing() const noexcept { return missing_; }

 private:
  ReplaySource(std::map<std::string, RecordedAnswer> answers, std::shared_ptr<const EvidenceStore> store);
  [[nodiscard]] ContentAnswer answer(const ContentRequest& request) const;

  const std::map<std::string, RecordedAnswer> answers_;
  const std::shared_ptr<const EvidenceStore> store_;
  std::optional<Error> missing_;
};

}  // namespace tegata::verifier
