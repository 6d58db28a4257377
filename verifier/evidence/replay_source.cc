// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/replay_source.h"

#include <utility>

#include "verifier/evidence/evidence_store.h"

namespace tegata::verifier {

ReplaySource::ReplaySource(std::map<std::string, RecordedAnswer> answers,
                           std::shared_ptr<const EvidenceStore> store)
    : answers_(std::move(answers)), store_(std::move(store)) {}

Result<std::unique_ptr<ReplaySource>> ReplaySource::open(std::string_view trace,
                                                         std::shared_ptr<const EvidenceStore> store) {
  TEGATA_TRY(auto answers, parse_trace(trace));
  return std::unique_ptr<ReplaySource>(new ReplaySource(std::move(answers), std::move(store)));
}

ContentAnswer ReplaySource::answer(const ContentRequest& request) const {
  const auto key = request_key(request);
  const auto found = answers_.find(key);
  if (found == answers_.end())
    return Error{ErrorCode::NotRecorded, "nobody asked for " + key + " at the time"};
  if (const auto* error = std::get_if<Error>(&found->second)) return *error;
  if (const auto* referrers = std::get_if<Referrers>(&found->second)) return {*referrers};
  const auto& content = std::get<StoredContent>(found->second);
  if (!store_) return Error{ErrorCode::NotRecorded, "there is no evidence store to read from"};
  auto bytes = store_->get(content.digest);
  if (!bytes.ok()) return Error{ErrorCode::NotRecorded, std::move(bytes).error().message};
  return {Content{content.digest, content.media_type, *std::move(bytes)}};
}

void ReplaySource::fetch(std::vector<ContentRequest> requests, Deadline, Done done) {
  std::vector<ContentAnswer> answers;
  answers.reserve(requests.size());
  for (const auto& request : requests) {
    answers.push_back(answer(request));
    const auto& given = answers.back();
    if (!given.ok() && given.error().code == ErrorCode::NotRecorded && !missing_) missing_ = given.error();
  }
  done(std::move(answers));
}

}  // namespace tegata::verifier
