// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/recording_source.h"

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/crypto/sha256.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/evidence/trace.h"

namespace tegata::verifier {

struct RecordingSource::Recording {
  explicit Recording(std::shared_ptr<EvidenceStore> where) : store(std::move(where)) {}

  ContentAnswer record(const ContentRequest& request, ContentAnswer answer) {
    answer = as_recorded(std::move(answer));
    if (answer.ok())
      if (const auto* content = std::get_if<Content>(&*answer)) (void)store->put(content->bytes);
    auto entry = entry_json(request, answer);
    const std::lock_guard lock(mutex);
    entries.emplace(request_key(request), std::move(entry));
    return answer;
  }

  const std::shared_ptr<EvidenceStore> store;
  std::mutex mutex;
  std::map<std::string, nlohmann::json> entries;  ///< by request_key(); guarded by mutex
};

RecordingSource::RecordingSource(ContentSource& inner, std::shared_ptr<EvidenceStore> store)
    : inner_(inner), recording_(std::make_shared<Recording>(std::move(store))) {}

void RecordingSource::fetch(std::vector<ContentRequest> requests, Deadline deadline, Done done) {
  auto asked = requests;
  // `done` may destroy this source: nothing of it is touched after the call.
  inner_.fetch(std::move(requests), deadline,
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

}  // namespace tegata::verifier
