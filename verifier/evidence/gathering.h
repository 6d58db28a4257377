// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "policy/model/deadline.h"
#include "verifier/evidence/fact_fetcher.h"

namespace tegata::verifier {

/// One call of gather() that has to wait: its questions, and the answers as they come. Shared with
/// the fetches, which may answer after the caller has gone.
class Gathering {
 public:
  explicit Gathering(const EvidencePlan& plan);

  /// Asks everything. What is kept is answered before this returns.
  static void start(const std::shared_ptr<Gathering>& gathering, const std::shared_ptr<FactFetcher>& fetcher);

  /// The facts, once all are there or the deadline has passed.
  [[nodiscard]] std::vector<ImageFacts> wait(Deadline deadline);

 private:
  struct Answers {
    FactFetcher::TagAnswer tag;                             ///< null: not there yet
    std::vector<FactFetcher::SignaturesAnswer> signatures;  ///< one a question
    FactFetcher::LabelsAnswer labels;
  };
  using Shared = std::shared_ptr<Gathering>;

  static void ask_tag(const Shared& gathering, const std::shared_ptr<FactFetcher>& fetcher, std::size_t image,
                      Deadline deadline);
  /// Signatures and labels.
  static void ask_by_digest(const Shared& gathering, const std::shared_ptr<FactFetcher>& fetcher,
                            std::size_t image, const Digest& digest,
                            const std::shared_ptr<const Content>& manifest, Deadline deadline);
  /// The tag names no digest, and nothing more can be asked.
  void take_none(std::size_t image, const TagFact& tag);
  void take_tag(std::size_t image, FactFetcher::TagAnswer answer);
  void take_signatures(std::size_t image, std::size_t question, FactFetcher::SignaturesAnswer answer);
  void take_labels(std::size_t image, FactFetcher::LabelsAnswer answer);
  void one_less();
  [[nodiscard]] ImageFacts facts_of(std::size_t image) const;

  const EvidencePlan plan_;
  std::mutex mutex_;
  std::condition_variable complete_;
  std::vector<Answers> answers_;  ///< guarded by mutex_, as is open_
  std::size_t open_ = 0;          ///< questions without an answer
};

}  // namespace tegata::verifier
