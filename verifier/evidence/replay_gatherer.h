// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "verifier/evidence/evidence_replay.h"
#include "verifier/evidence/gather.h"
#include "verifier/evidence/recorded_facts.h"

namespace tegata::verifier {

/// Answers a plan, of the policy of the time or of another one, from what one decision recorded:
/// tags, labels, and whatever was absent or unknown, as they were; signatures verified again under the
/// plan's trust settings. What nobody asked at the time is Unknown{NotRecorded}. Under the same
/// policy the facts are the same, byte for byte. No network; the deadline is not looked at.
class ReplayGatherer final : public Gatherer {
 public:
  /// `facts`: an array of what to_json(const ImageFacts&) gave for one decision. Malformed where it
  /// is something else. `replay` must outlive the gatherer. `now`: when the decision was made; facts that
  /// depend on the time are those of the time at which they were verified, where that was recorded.
  [[nodiscard]] static Result<std::unique_ptr<ReplayGatherer>> of(const nlohmann::json& facts,
                                                                  EvidenceReplay& replay, Time now);

  [[nodiscard]] std::vector<ImageFacts> gather(const EvidencePlan& plan, Deadline deadline) override;

 private:
  ReplayGatherer(std::vector<RecordedFacts> recorded, EvidenceReplay& replay, Time now);
  [[nodiscard]] ImageFacts answer(const ImageQuestions& questions);

  const std::vector<RecordedFacts> recorded_;
  EvidenceReplay& replay_;
  const Time now_;
};

}  // namespace tegata::verifier
