// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/live_gatherer.h"

#include <optional>
#include <utility>

#include "verifier/evidence/fact_fetcher.h"
#include "verifier/evidence/gathering.h"
#include "verifier/evidence/questions.h"

namespace tegata::verifier {
namespace {

/// Empty where anything is not kept.
std::optional<ImageFacts> kept_facts(const FactFetcher& fetcher, const ImageQuestions& questions) {
  const auto& image = questions.image;
  ImageFacts facts;
  facts.image = image.canonical();
  auto digest = image.digest();
  if (needs_tag(questions)) {
    const auto tag = fetcher.kept_tag({image.repository(), *image.effective_tag()});
    if (!tag) return std::nullopt;
    facts.tag = tag->fact;
    if (const auto* known = std::get_if<Known<Digest>>(&tag->fact); known && !digest) digest = known->value;
  }
  facts.signatures.reserve(questions.signatures.size());
  for (const auto& [repository, trust] : questions.signatures) {
    if (!digest) {
      facts.signatures.push_back({repository, fact_without_digest<SignatureFacts>(*facts.tag)});
      continue;
    }
    const auto answer = fetcher.kept_signatures({image.repository(), repository, *digest, trust});
    if (!answer) return std::nullopt;
    facts.signatures.push_back({repository, *answer});
  }
  if (!questions.labels) return facts;
  if (!digest) {
    facts.labels = fact_without_digest<ImageLabels>(*facts.tag);
    return facts;
  }
  const auto labels = fetcher.kept_labels({image.repository(), *digest});
  if (!labels) return std::nullopt;
  facts.labels = *labels;
  return facts;
}

std::optional<std::vector<ImageFacts>> kept_facts(const FactFetcher& fetcher, const EvidencePlan& plan) {
  std::vector<ImageFacts> facts;
  facts.reserve(plan.images.size());
  for (const auto& questions : plan.images) {
    auto kept = kept_facts(fetcher, questions);
    if (!kept) return std::nullopt;
    facts.push_back(*std::move(kept));
  }
  return facts;
}

}  // namespace

LiveGatherer::LiveGatherer(ContentSource& source, SignatureVerifier verifier, GatherSettings settings)
    : fetcher_(std::make_shared<FactFetcher>(source, std::move(verifier), std::move(settings))) {}

LiveGatherer::~LiveGatherer() { fetcher_->close(); }

std::vector<ImageFacts> LiveGatherer::gather(const EvidencePlan& plan, Deadline deadline) {
  if (auto kept = kept_facts(*fetcher_, plan)) return *std::move(kept);
  const auto gathering = std::make_shared<Gathering>(plan);
  Gathering::start(gathering, fetcher_);
  return gathering->wait(deadline);
}

CacheCounts LiveGatherer::tag_counts() const noexcept { return fetcher_->tag_counts(); }
CacheCounts LiveGatherer::signature_counts() const noexcept { return fetcher_->signature_counts(); }
CacheCounts LiveGatherer::label_counts() const noexcept { return fetcher_->label_counts(); }

}  // namespace tegata::verifier
