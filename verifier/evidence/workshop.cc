// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/workshop.h"

#include <exception>
#include <optional>

#include "policy/model/limits.h"

namespace tegata::verifier {

/// One call of run().
struct Workshop::Job {
  Job(const Workshop& workshop, Terms on, std::function<bool()> what, std::function<void(Status)> then)
      : post(workshop.post_),
        closed(workshop.closed_),
        terms(std::move(on)),
        step(std::move(what)),
        done(std::move(then)) {
    if (terms.askers != nullptr) terms.askers->begin_delay();
  }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  ~Job() { end_delay(); }

  void end_delay() {
    if (const auto askers = std::exchange(terms.askers, nullptr)) askers->end_delay();
  }
  void finish(Status status) {
    end_delay();
    step = nullptr;
    if (const auto then = std::exchange(done, nullptr)) then(std::move(status));
  }
  [[nodiscard]] std::optional<Error> end() const {
    if (closed && closed()) return Error{ErrorCode::CutShort, "Tegata is shutting down"};
    if (terms.deadline.passed())
      return Error{ErrorCode::CutShort, "the signatures could not be checked in time"};
    return std::nullopt;
  }

  const Post post;
  const std::function<bool()> closed;
  Terms terms;
  std::function<bool()> step;
  std::function<void(Status)> done;
};

void Workshop::run(Terms terms, std::function<bool()> step, std::function<void(Status)> done) const {
  slice(std::make_shared<Job>(*this, std::move(terms), std::move(step), std::move(done)));
}

void Workshop::slice(const std::shared_ptr<Job>& job) {
  try {
    do {
      if (auto error = job->end()) return job->finish(*std::move(error));
      const auto until = Deadline::after(limits::kWorkSlice);
      do {
        if (!job->step()) return job->finish(tegata::done());
      } while (!until.passed());
    } while (!job->post);
  } catch (const std::exception& bug) {
    job->finish(Error{ErrorCode::Internal, bug.what()});
    throw;
  }
  job->post(job->terms.askers, [job] { slice(job); });
}

}  // namespace tegata::verifier
