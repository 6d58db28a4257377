// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_replayer.h"

#include <stdexcept>
#include <utility>

#include "verifier/crypto/hash.h"
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
  if (found == answers_.end()) return Error{ErrorCode::NotRecorded, "not requested at the time: " + key};
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

namespace {

Error not_recorded(std::string message) { return {ErrorCode::NotRecorded, std::move(message)}; }

}  // namespace

EvidenceReplay::EvidenceReplay(TextOf text_of, std::shared_ptr<const EvidenceStore> store,
                               const FactKinds& kinds)
    : text_of_(std::move(text_of)), store_(std::move(store)) {
  for (const auto& kind : kinds) replayers_.emplace_back(&kind->id(), kind->replayer());
}

FactReplayer& EvidenceReplay::replayer_of(const KindId& kind) const {
  for (const auto& [id, replayer] : replayers_)
    if (id == &kind) return *replayer;
  throw std::logic_error("no maker for facts of the kind " + std::string(kind.name));
}

Result<std::pair<std::unique_ptr<ReplaySource>, Evidence>> EvidenceReplay::open(
    const std::string& hash) const {
  if (hash.empty()) return not_recorded("the evidence was not kept: serve ran without --evidence-dir");
  auto text = text_of_(hash);
  if (!text) return not_recorded("the audit log has no evidence " + hash);
  if (sha256(*text).hex() != hash) return not_recorded("the evidence " + hash + " does not match its hash");
  auto source = ReplaySource::open(*text, store_);
  if (!source.ok()) return not_recorded(source.error().message);
  return std::pair(*std::move(source), Evidence{hash, std::move(text)});
}

void NoOtherFacts::ask_any(FactSubject, AnyQuestion question, Deadline,
                           std::function<void(const FactFetcher::Answer&)>) {
  throw std::logic_error("a fact made from evidence requested a fact of the kind " +
                         std::string(question.kind().name));
}

}  // namespace tegata::verifier
