// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/gathering.h"

#include <utility>

#include "verifier/evidence/questions.h"

namespace tegata::verifier {
namespace {

Unknown too_late(const Repository& repository) {
  return {{ErrorCode::DeadlineExceeded, repository.registry + " did not answer within the caller's budget"}};
}

}  // namespace

Gathering::Gathering(const EvidencePlan& plan) : plan_(plan), answers_(plan.images.size()) {
  for (std::size_t i = 0; i < plan_.images.size(); ++i) {
    const auto& questions = plan_.images[i];
    answers_[i].signatures.resize(questions.signatures.size());
    open_ += questions.signatures.size() + (needs_tag(questions) ? 1 : 0) + (questions.labels ? 1 : 0);
  }
}

void Gathering::start(const Shared& gathering, const std::shared_ptr<FactFetcher>& fetcher) {
  const auto deadline = Deadline::after(fetcher->settings().fetch);
  for (std::size_t i = 0; i < gathering->plan_.images.size(); ++i) {
    const auto& questions = gathering->plan_.images[i];
    if (questions.image.digest())
      ask_by_digest(gathering, fetcher, i, *questions.image.digest(), nullptr, deadline);
    if (needs_tag(questions)) ask_tag(gathering, fetcher, i, deadline);
  }
}

void Gathering::ask_tag(const Shared& gathering, const std::shared_ptr<FactFetcher>& fetcher,
                        std::size_t image, Deadline deadline) {
  const auto& reference = gathering->plan_.images[image].image;
  fetcher->tag({reference.repository(), *reference.effective_tag()}, deadline,
               [gathering, fetcher, image, deadline](const FactFetcher::TagAnswer& answer) {
                 gathering->take_tag(image, answer);
                 if (gathering->plan_.images[image].image.digest()) return;
                 if (const auto* known = std::get_if<Known<Digest>>(&answer->fact))
                   return ask_by_digest(gathering, fetcher, image, known->value, answer->manifest, deadline);
                 gathering->take_none(image, answer->fact);
               });
}

void Gathering::take_none(std::size_t image, const TagFact& tag) {
  const auto& questions = plan_.images[image];
  const auto none = std::make_shared<const SignaturesFact>(fact_without_digest<SignatureFacts>(tag));
  for (std::size_t i = 0; i < questions.signatures.size(); ++i) take_signatures(image, i, none);
  if (questions.labels)
    take_labels(image, std::make_shared<const LabelsFact>(fact_without_digest<ImageLabels>(tag)));
}

void Gathering::ask_by_digest(const Shared& gathering, const std::shared_ptr<FactFetcher>& fetcher,
                              std::size_t image, const Digest& digest,
                              const std::shared_ptr<const Content>& manifest, Deadline deadline) {
  const auto& questions = gathering->plan_.images[image];
  for (std::size_t i = 0; i < questions.signatures.size(); ++i) {
    const auto& question = questions.signatures[i];
    fetcher->signatures({questions.image.repository(), question.repository, digest, question.trust}, manifest,
                        deadline, [gathering, image, i](const FactFetcher::SignaturesAnswer& answer) {
                          gathering->take_signatures(image, i, answer);
                        });
  }
  if (questions.labels)
    fetcher->labels({questions.image.repository(), digest}, manifest, deadline,
                    [gathering, image](const FactFetcher::LabelsAnswer& answer) {
                      gathering->take_labels(image, answer);
                    });
}

void Gathering::take_tag(std::size_t image, FactFetcher::TagAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_[image].tag = std::move(answer);
  one_less();
}

void Gathering::take_signatures(std::size_t image, std::size_t question,
                                FactFetcher::SignaturesAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_[image].signatures[question] = std::move(answer);
  one_less();
}

void Gathering::take_labels(std::size_t image, FactFetcher::LabelsAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_[image].labels = std::move(answer);
  one_less();
}

void Gathering::one_less() {
  if (--open_ == 0) complete_.notify_all();
}

std::vector<ImageFacts> Gathering::wait(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const auto all_there = [this] { return open_ == 0; };
  // A wait until the end of time overflows in some clocks' arithmetic.
  if (deadline.time() == Deadline::never().time())
    complete_.wait(lock, all_there);
  else
    complete_.wait_until(lock, deadline.time(), all_there);
  std::vector<ImageFacts> facts;
  facts.reserve(plan_.images.size());
  for (std::size_t i = 0; i < plan_.images.size(); ++i) facts.push_back(facts_of(i));
  return facts;
}

ImageFacts Gathering::facts_of(std::size_t image) const {
  const auto& questions = plan_.images[image];
  const auto& answers = answers_[image];
  ImageFacts facts;
  facts.image = questions.image.canonical();
  if (needs_tag(questions))
    facts.tag = answers.tag ? answers.tag->fact : TagFact(too_late(questions.image.repository()));
  for (std::size_t i = 0; i < questions.signatures.size(); ++i) {
    const auto& repository = questions.signatures[i].repository;
    const auto& answer = answers.signatures[i];
    facts.signatures.push_back({repository, answer ? *answer : SignaturesFact(too_late(repository))});
  }
  if (questions.labels)
    facts.labels = answers.labels ? *answers.labels : LabelsFact(too_late(questions.image.repository()));
  return facts;
}

}  // namespace tegata::verifier
