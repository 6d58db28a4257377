// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/live_gatherer.h"

#include <optional>

#include "verifier/evidence/fact_fetchers.h"
#include "verifier/evidence/gathering.h"

namespace tegata::verifier {
namespace {

/// The answers about one subject, where all are kept. `image` is null for the request.
std::optional<Facts> kept_facts(const FactFetchers& fetchers, const Questions& questions,
                                const ImageReference* image) {
  FactSubject subject;
  if (image != nullptr) subject = {image->repository(), image->digest()};
  // Of an image without digest its tag is asked first.
  Unasked otherwise = Unknown{{ErrorCode::Internal, "neither tag nor digest"}};
  Facts facts;
  for (const auto& question : questions.all()) {
    const bool cannot_ask = question.kind().needs == Needs::Digest && !subject.digest;
    auto answer = cannot_ask ? fetchers.unasked(question, otherwise) : fetchers.kept(subject, question);
    if (answer == nullptr) return std::nullopt;
    if (question.as<TagKind>() != nullptr && image != nullptr && !image->digest()) {
      const auto& tag = static_cast<const Answered<TagKind>&>(*answer).fact;
      if (const auto* resolved = resolved_in(tag))
        subject.digest = resolved->digest;
      else
        otherwise = without_digest(tag);
    }
    facts.add(question, std::move(answer));
  }
  return facts;
}

std::optional<GatheredFacts> kept_facts(const FactFetchers& fetchers, const EvidencePlan& plan) {
  GatheredFacts gathered;
  gathered.images.reserve(plan.images.size());
  for (const auto& image : plan.images) {
    auto facts = kept_facts(fetchers, image.questions, &image.image);
    if (!facts) return std::nullopt;
    gathered.images.push_back({image.image.canonical(), *std::move(facts)});
  }
  auto facts = kept_facts(fetchers, plan.request, nullptr);
  if (!facts) return std::nullopt;
  gathered.request = *std::move(facts);
  return gathered;
}

}  // namespace

LiveGatherer::LiveGatherer(ContentSource& source, const FactKinds& kinds, GatherSettings settings)
    : fetchers_(std::make_shared<FactFetchers>(source, kinds, std::move(settings))) {}

LiveGatherer::~LiveGatherer() { fetchers_->close(); }

GatheredFacts LiveGatherer::gather(const EvidencePlan& plan, Deadline deadline) {
  if (auto kept = kept_facts(*fetchers_, plan)) return *std::move(kept);
  const auto gathering = std::make_shared<Gathering>(plan, fetchers_);
  gathering->start();
  return gathering->wait(deadline);
}

std::vector<std::pair<std::string_view, CacheCounts>> LiveGatherer::counts() const {
  return fetchers_->counts();
}

}  // namespace tegata::verifier
