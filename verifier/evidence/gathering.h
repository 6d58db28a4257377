// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "policy/model/deadline.h"
#include "verifier/evidence/fact_fetchers.h"

namespace tegata::verifier {

/// One call of gather() that has to wait: its questions, and the answers as they come. Shared with
/// the fetches, which may answer after the caller has gone.
class Gathering : public std::enable_shared_from_this<Gathering> {
 public:
  Gathering(const EvidencePlan& plan, std::shared_ptr<FactFetchers> fetchers);

  /// Asks everything. What is kept is answered before this returns.
  void start();

  /// The facts, once all are there or the deadline has passed.
  [[nodiscard]] GatheredFacts wait(Deadline deadline);

 private:
  using Answer = FactFetchers::Answer;

  /// The questions about one image, or about the request.
  struct Subject {
    const ImageReference* image = nullptr;  ///< null: the request
    const Questions* questions = nullptr;
    std::vector<Answer> answers = {};  ///< one for each question; null: not there yet
  };

  void ask(std::size_t subject, std::size_t question, const FactRequest& request);
  /// What needs the digest of the image.
  void ask_by_digest(std::size_t subject, const Digest& digest,
                     const std::shared_ptr<const Content>& manifest);
  /// The tag of an image without digest was answered.
  void go_on(std::size_t subject, const Answer& tag);
  void take(std::size_t subject, std::size_t question, Answer answer);
  [[nodiscard]] Facts facts_of(const Subject& subject) const;

  const EvidencePlan plan_;
  const std::shared_ptr<FactFetchers> fetchers_;
  const Deadline fetch_deadline_;
  std::mutex mutex_;
  std::condition_variable complete_;
  std::vector<Subject> subjects_;  ///< the images, then the request; answers and open_ are guarded by mutex_
  std::size_t open_ = 0;           ///< questions without an answer
};

}  // namespace tegata::verifier
