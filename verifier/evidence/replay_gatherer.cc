// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/replay_gatherer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "verifier/evidence/questions.h"

namespace tegata::verifier {
namespace {

using SignaturesFact = Fact<std::shared_ptr<const SignatureFacts>>;

Unknown never_looked_up(const std::string& what) {
  return {{ErrorCode::NotRecorded, what + " was not looked up at the time"}};
}

const RecordedSignatures* find_signatures(const RecordedFacts* recorded, const Repository& repository) {
  if (recorded == nullptr) return nullptr;
  for (const auto& signatures : recorded->signatures)
    if (signatures.repository == repository) return &signatures;
  return nullptr;
}

std::optional<Digest> judged_digest(const ImageQuestions& questions, const std::optional<Fact<Digest>>& tag) {
  if (questions.image.digest()) return questions.image.digest();
  if (!tag) return std::nullopt;
  if (const auto* known = std::get_if<Known<Digest>>(&*tag)) return known->value;
  return std::nullopt;
}

SignaturesFact answer_signatures(const RecordedSignatures& recorded, const ImageQuestions& questions,
                                 const SignatureQuestion& question, const std::optional<Digest>& digest,
                                 EvidenceReplay& replay, Time now) {
  if (const auto* unknown = std::get_if<Unknown>(&recorded.evidence)) return *unknown;
  const auto* evidence = std::get_if<Known<RecordedEvidence>>(&recorded.evidence);
  if (evidence == nullptr) return Absent{};
  if (!digest) return never_looked_up("the digest of " + questions.image.canonical());
  return replay.verify_again(evidence->value.hash,
                             {questions.image.repository(), question.repository, *digest, question.trust},
                             evidence->value.verified_at.value_or(now));
}

}  // namespace

ReplayGatherer::ReplayGatherer(std::vector<RecordedFacts> recorded, EvidenceReplay& replay, Time now)
    : recorded_(std::move(recorded)), replay_(replay), now_(now) {}

Result<std::unique_ptr<ReplayGatherer>> ReplayGatherer::of(const nlohmann::json& facts,
                                                           EvidenceReplay& replay, Time now) {
  if (!facts.is_array()) return Error{ErrorCode::Malformed, "recorded facts are an array"};
  std::vector<RecordedFacts> recorded;
  for (const auto& image : facts) {
    TEGATA_TRY(auto read, read_recorded_facts(image));
    recorded.push_back(std::move(read));
  }
  return std::unique_ptr<ReplayGatherer>(new ReplayGatherer(std::move(recorded), replay, now));
}

std::vector<ImageFacts> ReplayGatherer::gather(const EvidencePlan& plan, Deadline) {
  std::vector<ImageFacts> facts;
  facts.reserve(plan.images.size());
  for (const auto& questions : plan.images) facts.push_back(answer(questions));
  return facts;
}

ImageFacts ReplayGatherer::answer(const ImageQuestions& questions) {
  const auto& name = questions.image.canonical();
  const auto found = std::find_if(recorded_.begin(), recorded_.end(),
                                  [&](const RecordedFacts& facts) { return facts.image == name; });
  const auto* recorded = found == recorded_.end() ? nullptr : &*found;
  ImageFacts facts;
  facts.image = name;
  if (needs_tag(questions)) {
    if (recorded != nullptr && recorded->tag)
      facts.tag = *recorded->tag;
    else
      facts.tag = never_looked_up("the tag of " + name);
  }
  const auto digest = judged_digest(questions, facts.tag);
  for (const auto& question : questions.signatures) {
    const auto* signatures = find_signatures(recorded, question.repository);
    facts.signatures.push_back(
        {question.repository, signatures != nullptr
                                  ? answer_signatures(*signatures, questions, question, digest, replay_, now_)
                                  : SignaturesFact(never_looked_up("signatures of " + name + " in " +
                                                                   question.repository.text()))});
  }
  if (questions.labels) {
    if (recorded != nullptr && recorded->labels)
      facts.labels = *recorded->labels;
    else
      facts.labels = never_looked_up("what " + name + " says of itself");
  }
  return facts;
}

}  // namespace tegata::verifier
