// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/shared_manifest_source.h"

#include <atomic>
#include <utility>

namespace tegata::verifier {
namespace {

/// The answers of one fetch, as they come.
class Batch {
 public:
  Batch(std::size_t size, ContentSource::Done done)
      : answers_(size, Error{ErrorCode::Internal, "not answered"}), open_(size), done_(std::move(done)) {}

  void take(std::size_t place, ContentAnswer answer) {
    answers_[place] = std::move(answer);
    if (open_.fetch_sub(1) == 1) done_(std::move(answers_));
  }

 private:
  std::vector<ContentAnswer> answers_;
  std::atomic<std::size_t> open_;
  const ContentSource::Done done_;
};

}  // namespace

SharedManifestSource::SharedManifestSource(ContentSource& inner)
    : inner_(inner), flights_(0, 0, Error{ErrorCode::Internal, "the check was given up without an answer"}) {}

void SharedManifestSource::fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) {
  if (requests.empty()) return done({});
  const auto batch = std::make_shared<Batch>(requests.size(), std::move(done));
  std::vector<ContentRequest> others;
  std::vector<std::size_t> places;  // of the others
  std::vector<std::pair<std::size_t, ManifestRequest>> manifests;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (auto* manifest = std::get_if<ManifestRequest>(&requests[i])) {
      manifests.emplace_back(i, std::move(*manifest));
      continue;
    }
    others.push_back(std::move(requests[i]));
    places.push_back(i);
  }
  // A last answer may destroy this source: nothing of it is touched after that.
  auto& inner = inner_;
  auto flights = flights_;
  if (!others.empty())
    inner.fetch(std::move(others), deadline, [batch, places = std::move(places)](auto answers) {
      for (std::size_t i = 0; i < places.size(); ++i) batch->take(places[i], std::move(answers.at(i)));
    });
  for (auto& [place, request] : manifests)
    flights.get(
        {request.repository, request.digest},
        [&](Flights::Completion complete) {
          inner.fetch({request}, deadline, [complete = std::move(complete)](auto answers) {
            complete({std::make_shared<const ContentAnswer>(std::move(answers.at(0))), std::nullopt, 0});
          });
        },
        [batch, place = place](const Flights::Answer& answer) { batch->take(place, *answer); });
}

}  // namespace tegata::verifier
