// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/replay.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "verifier/crypto/hash.h"
#include "verifier/evidence/evidence_store.h"
#include "verifier/json/strict_json.h"

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

void ReplaySource::fetch(std::vector<ContentRequest> requests, Terms, Done done) {
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

void NoOtherFacts::ask_any(FactSubject, AnyQuestion question, Terms,
                           std::function<void(const FactFetcher::Answer&)>) {
  throw std::logic_error("a fact made from evidence requested a fact of the kind " +
                         std::string(question.kind().name));
}

Result<std::unique_ptr<ReplayGatherer>> ReplayGatherer::of(const nlohmann::json& facts,
                                                           EvidenceReplay& replay, Time now) {
  if (!facts.is_array()) return Error::malformed("recorded facts must be an array");
  AllFacts all;
  for (const auto& subject : facts) {
    TEGATA_TRY(auto read, read_recorded_facts(subject, replay));
    all.push_back(std::move(read));
  }
  return std::make_unique<ReplayGatherer>(std::move(all), replay, now);
}

Result<std::shared_ptr<const RecordedFacts>> read_recorded_facts(const nlohmann::json& subject,
                                                                 const EvidenceReplay& replay) {
  auto recorded = std::make_shared<RecordedFacts>();
  TEGATA_TRY(recorded->image, string_member(subject, "image"));
  if (!recorded->image && member(subject, "request") == nullptr)
    return Error::malformed("recorded facts: neither \"image\" nor \"request\"");
  for (const auto& [kind, replayer] : replay.replayers()) {
    TEGATA_TRY(auto read, replayer->read(subject));
    recorded->kinds.emplace(kind, std::move(read));
  }
  return std::shared_ptr<const RecordedFacts>(std::move(recorded));
}

const RecordedFacts* ReplayGatherer::find(const std::optional<std::string>& image) const {
  for (const auto& subject : recorded_)
    if (subject->image == image) return subject.get();
  return nullptr;
}

Facts ReplayGatherer::answer(const Questions& questions, const ImageReference* image) {
  FactSubject subject;
  if (image != nullptr) subject = {image->repository(), image->digest()};
  const auto* recorded = find(image == nullptr ? std::nullopt : std::optional(image->canonical()));
  Facts facts;
  for (const auto& question : questions.all()) {
    const auto* kind = &question.kind();
    const auto known = recorded == nullptr ? nullptr : recorded->kinds.at(kind);
    auto answer = replay_.replayer_of(*kind).answer(known, subject, question, replay_, now_);
    // The tag of an image without digest is the first question.
    if (question.as<TagKind>() != nullptr && image != nullptr && !image->digest())
      if (const auto* tag = resolved_in(static_cast<const Answered<TagKind>&>(*answer).fact))
        subject.digest = tag->digest;
    facts.add(question, std::move(answer));
  }
  return facts;
}

GatheredFacts ReplayGatherer::gather(const EvidencePlan& plan, Deadline) {
  GatheredFacts gathered;
  for (const auto& image : plan.images)
    gathered.images.push_back({image.image.canonical(), answer(image.questions, &image.image)});
  gathered.request = answer(plan.request, nullptr);
  return gathered;
}

}  // namespace tegata::verifier
