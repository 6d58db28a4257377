// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/replay_gatherer.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/json/strict_json.h"

namespace tegata::verifier {

Result<std::unique_ptr<ReplayGatherer>> ReplayGatherer::of(const nlohmann::json& facts,
                                                           EvidenceReplay& replay, Time now) {
  if (!facts.is_array()) return Error::malformed("recorded facts must be an array");
  std::unique_ptr<ReplayGatherer> gatherer(new ReplayGatherer(replay, now));
  for (const auto& subject : facts) {
    TEGATA_TRY(auto read, ReplayGatherer::read(subject, replay));
    gatherer->recorded_.push_back(std::move(read));
  }
  return gatherer;
}

Result<ReplayGatherer::RecordedSubject> ReplayGatherer::read(const nlohmann::json& subject,
                                                             const EvidenceReplay& replay) {
  RecordedSubject recorded;
  TEGATA_TRY(recorded.image, string_member(subject, "image"));
  if (!recorded.image && member(subject, "request") == nullptr)
    return Error::malformed("recorded facts: neither \"image\" nor \"request\"");
  for (const auto& [kind, replayer] : replay.replayers()) {
    TEGATA_TRY(auto read, replayer->read(subject));
    recorded.kinds.emplace(kind, std::move(read));
  }
  return recorded;
}

const ReplayGatherer::RecordedSubject* ReplayGatherer::find(const std::optional<std::string>& image) const {
  for (const auto& subject : recorded_)
    if (subject.image == image) return &subject;
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
