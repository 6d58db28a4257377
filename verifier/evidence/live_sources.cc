// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/live_sources.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/crypto/hash.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/evidence/trace.h"

namespace tegata::verifier {
namespace {

/// The answers to one fetch, collected as they arrive.
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
    : inner_(inner),
      flights_(0, 0, Error{ErrorCode::Internal, "the check was abandoned without an answer"}) {}

void SharedManifestSource::fetch(std::vector<ContentRequest> requests, Terms terms, Done done) {
  if (requests.empty()) return done({});
  const auto batch = std::make_shared<Batch>(requests.size(), std::move(done));
  std::vector<ContentRequest> others;
  std::vector<std::size_t> places;  // of the others
  std::vector<std::pair<std::size_t, ManifestRequest>> manifests;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    // Bounded ones may be refused where others are not.
    if (auto* manifest = std::get_if<ManifestRequest>(&requests[i]);
        manifest != nullptr && manifest->max_bytes >= limits::kManifest) {
      manifests.emplace_back(i, std::move(*manifest));
      continue;
    }
    others.push_back(std::move(requests[i]));
    places.push_back(i);
  }
  // The last answer may destroy this source, so its members are not used after that.
  auto& inner = inner_;
  auto flights = flights_;
  if (!others.empty())
    inner.fetch(std::move(others), terms, [batch, places = std::move(places)](auto answers) {
      for (std::size_t i = 0; i < places.size(); ++i) batch->take(places[i], std::move(answers.at(i)));
    });
  for (auto& [place, request] : manifests)
    flights.get(
        {request.repository, request.digest},
        [&](Flights::Completion complete) {
          const Terms all{terms.deadline, complete.askers()};
          inner.fetch({request}, all, [complete = std::move(complete)](auto answers) {
            complete({std::make_shared<const ContentAnswer>(std::move(answers.at(0))), std::nullopt, 0});
          });
        },
        [batch, place = place](const Flights::Answer& answer) { batch->take(place, *answer); }, terms.askers);
}

/// Forwards requests to another source and records the requests and answers: bytes in the store, the rest as
/// a trace (see trace.h). For one fact. Thread-safe; `inner` must outlive every fetch.
///
/// If bytes cannot be stored, the request is answered all the same: the fact is correct, but a replay will
/// miss the bytes (EvidenceStore::failures() counts this).
class RecordingSource final : public ContentSource {
 public:
  RecordingSource(ContentSource& inner, std::shared_ptr<EvidenceStore> store);

  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override;

  /// The trace of all answers so far.
  [[nodiscard]] Evidence evidence() const;

 private:
  struct Recording;
  ContentSource& inner_;
  std::shared_ptr<Recording> recording_;
};

struct RecordingSource::Recording {
  explicit Recording(std::shared_ptr<EvidenceStore> where) : store(std::move(where)) {}

  ContentAnswer record(const ContentRequest& request, ContentAnswer answer) {
    answer = as_recorded(std::move(answer));
    if (answer.ok())
      if (const auto* content = std::get_if<Content>(&*answer)) store->store(content->bytes);
    auto entry = entry_json(request, answer);
    const std::lock_guard lock(mutex);
    // A search that began again asks again, and its facts are made from the later answer.
    entries.insert_or_assign(request_key(request), std::move(entry));
    return answer;
  }

  const std::shared_ptr<EvidenceStore> store;
  std::mutex mutex;
  std::map<std::string, nlohmann::json> entries;  ///< by request_key(); guarded by mutex
};

RecordingSource::RecordingSource(ContentSource& inner, std::shared_ptr<EvidenceStore> store)
    : inner_(inner), recording_(std::make_shared<Recording>(std::move(store))) {}

void RecordingSource::fetch(std::vector<ContentRequest> requests, Terms terms, Done done) {
  auto asked = requests;
  // `done` may destroy this source, so its members are not used after the call.
  inner_.fetch(std::move(requests), std::move(terms),
               [recording = recording_, asked = std::move(asked), done = std::move(done)](auto answers) {
                 for (std::size_t i = 0; i < answers.size() && i < asked.size(); ++i)
                   answers[i] = recording->record(asked[i], std::move(answers[i]));
                 done(std::move(answers));
               });
}

Evidence RecordingSource::evidence() const {
  const std::lock_guard lock(recording_->mutex);
  auto text = std::make_shared<const std::string>(trace_text(recording_->entries));
  return {sha256(*text).hex(), std::move(text)};
}

class ImageSource::Counting final : public ContentSource {
 public:
  Counting(ContentSource& inner, FactSubject subject, std::shared_ptr<const Content> manifest)
      : inner_(inner), subject_(std::move(subject)), manifest_(std::move(manifest)) {}

  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override {
    const auto known = std::find_if(requests.begin(), requests.end(),
                                    [&](const ContentRequest& request) { return is_known(request); });
    if (known == requests.end()) return forward(std::move(requests), std::move(terms), std::move(done));
    const auto place = known - requests.begin();
    requests.erase(known);
    auto with_manifest = [place, manifest = manifest_, done = std::move(done)](auto answers) {
      answers.insert(answers.begin() + place, ContentAnswer(std::variant<Content, Referrers>(*manifest)));
      done(std::move(answers));
    };
    if (requests.empty()) return with_manifest(std::vector<ContentAnswer>{});
    forward(std::move(requests), std::move(terms), std::move(with_manifest));
  }
  [[nodiscard]] std::size_t requests() const noexcept { return requests_.load(); }

 private:
  [[nodiscard]] bool is_known(const ContentRequest& request) const {
    const auto* asked = std::get_if<ManifestRequest>(&request);
    return manifest_ != nullptr && asked != nullptr && asked->digest == manifest_->digest &&
           manifest_->bytes.size() <= asked->max_bytes && asked->repository == subject_.repository;
  }
  void forward(std::vector<ContentRequest> requests, Terms terms, Done done) {
    const auto sent = requests_ += requests.size();
    if (sent <= limits::kCheapFetch)
      return inner_.fetch(std::move(requests), std::move(terms), std::move(done));
    if (terms.askers != nullptr) terms.askers->ignore_failures();
    inner_.fetch(std::move(requests), std::move(terms),
                 [done = std::move(done)](std::vector<ContentAnswer> answers) {
                   for (auto& answer : answers)
                     if (!answer.ok() && answer.error().code == ErrorCode::RateLimited)
                       answer = Error{ErrorCode::OwnRate, answer.error().message};
                   done(std::move(answers));
                 });
  }

  ContentSource& inner_;
  const FactSubject subject_;
  const std::shared_ptr<const Content> manifest_;
  std::atomic<std::size_t> requests_{0};
};

ImageSource::ImageSource(ContentSource& source, FactSubject subject, std::shared_ptr<const Content> manifest,
                         const std::shared_ptr<EvidenceStore>& store)
    : counting_(std::make_shared<Counting>(source, std::move(subject), std::move(manifest))),
      first_(counting_.get()) {
  if (store == nullptr) return;
  recording_ = std::make_shared<RecordingSource>(*counting_, store);
  first_ = recording_.get();
}

Evidence ImageSource::evidence() const { return recording_ ? recording_->evidence() : Evidence{}; }

std::size_t ImageSource::requests() const noexcept { return counting_->requests(); }

}  // namespace tegata::verifier
