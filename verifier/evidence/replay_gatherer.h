// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "verifier/evidence/fact_replayer.h"
#include "verifier/evidence/gather.h"

namespace tegata::verifier {

/// Answers a plan, of the same policy or a different one, from the record of one decision: values as they
/// were recorded, and signatures verified again from their evidence under the trust settings of the plan.
/// What was not asked at the time is Unknown{NotRecorded}. Under the same policy the facts are the same, byte
/// for byte. Does not use the network; ignores the deadline.
class ReplayGatherer final : public Gatherer {
 public:
  /// `facts`: a JSON array of the outputs of facts_text() and request_facts_text() for one decision;
  /// Malformed otherwise. `replay` must outlive the gatherer. `now`: the time of the decision.
  [[nodiscard]] static Result<std::unique_ptr<ReplayGatherer>> of(const nlohmann::json& facts,
                                                                  EvidenceReplay& replay, Time now);

  [[nodiscard]] GatheredFacts gather(const EvidencePlan& plan, Deadline deadline) override;

 private:
  struct RecordedSubject {
    std::optional<std::string> image;  ///< empty for the request
    std::map<const KindId*, FactReplayer::Recorded> kinds = {};
  };

  ReplayGatherer(EvidenceReplay& replay, Time now) : replay_(replay), now_(now) {}
  [[nodiscard]] static Result<RecordedSubject> read(const nlohmann::json& subject,
                                                    const EvidenceReplay& replay);
  [[nodiscard]] const RecordedSubject* find(const std::optional<std::string>& image) const;
  /// `image` is null for the request.
  [[nodiscard]] Facts answer(const Questions& questions, const ImageReference* image);

  EvidenceReplay& replay_;
  const Time now_;
  std::vector<RecordedSubject> recorded_;
};

}  // namespace tegata::verifier
