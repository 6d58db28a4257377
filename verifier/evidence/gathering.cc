// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/gathering.h"

#include <utility>

namespace tegata::verifier {
namespace {

Unknown too_late(const KindId& kind, const ImageReference* image) {
  const auto of = image == nullptr ? "" : " of " + image->repository().text();
  return {{ErrorCode::DeadlineExceeded,
           "no answer within the caller's time budget: " + std::string(kind.name) + of}};
}

std::shared_ptr<const Content> manifest_of(const ResolvedTag& tag) {
  if (tag.manifest == nullptr) return nullptr;
  return std::make_shared<const Content>(Content{tag.digest, tag.media_type, *tag.manifest});
}

}  // namespace

Gathering::Gathering(const EvidencePlan& plan, std::shared_ptr<FactFetchers> fetchers)
    : plan_(plan),
      fetchers_(std::move(fetchers)),
      fetch_deadline_(Deadline::after(fetchers_->settings().fetch)) {
  for (const auto& image : plan_.images) subjects_.push_back({&image.image, &image.questions});
  subjects_.push_back({nullptr, &plan_.request});
  for (auto& subject : subjects_) {
    subject.answers.resize(subject.questions->all().size());
    open_ += subject.answers.size();
  }
}

void Gathering::start() {
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const auto* image = subjects_[i].image;
    const auto& questions = subjects_[i].questions->all();
    if (image != nullptr && image->digest()) ask_by_digest(i, *image->digest(), nullptr);
    for (std::size_t q = 0; q < questions.size(); ++q)
      if (questions[q].kind().needs == Needs::Nothing)
        ask(i, q,
            {{image == nullptr ? Repository{} : image->repository()},
             questions[q],
             nullptr,
             fetch_deadline_});
  }
}

void Gathering::ask(std::size_t subject, std::size_t question, const FactRequest& request) {
  fetchers_->fetch(request, [self = shared_from_this(), subject, question](const Answer& answer) {
    const auto& asked = self->subjects_[subject];
    if (asked.questions->all()[question].as<TagKind>() != nullptr && !asked.image->digest())
      self->go_on(subject, answer);
    self->take(subject, question, answer);
  });
}

void Gathering::ask_by_digest(std::size_t subject, const Digest& digest,
                              const std::shared_ptr<const Content>& manifest) {
  const auto& questions = subjects_[subject].questions->all();
  for (std::size_t q = 0; q < questions.size(); ++q)
    if (questions[q].kind().needs == Needs::Digest)
      ask(subject, q,
          {{subjects_[subject].image->repository(), digest}, questions[q], manifest, fetch_deadline_});
}

void Gathering::go_on(std::size_t subject, const Answer& tag) {
  const auto& fact = static_cast<const Answered<TagKind>&>(*tag).fact;
  if (const auto* resolved = resolved_in(fact))
    return ask_by_digest(subject, resolved->digest, manifest_of(*resolved));
  const auto& questions = subjects_[subject].questions->all();
  for (std::size_t q = 0; q < questions.size(); ++q)
    if (questions[q].kind().needs == Needs::Digest)
      take(subject, q, fetchers_->unasked(questions[q], without_digest(fact)));
}

void Gathering::take(std::size_t subject, std::size_t question, Answer answer) {
  const std::lock_guard lock(mutex_);
  subjects_[subject].answers[question] = std::move(answer);
  if (--open_ == 0) complete_.notify_all();
}

GatheredFacts Gathering::wait(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const auto all_there = [this] { return open_ == 0; };
  // A wait until the end of time overflows in some clocks' arithmetic.
  if (deadline.time() == Deadline::never().time())
    complete_.wait(lock, all_there);
  else
    complete_.wait_until(lock, deadline.time(), all_there);
  GatheredFacts facts;
  for (std::size_t i = 0; i < plan_.images.size(); ++i)
    facts.images.push_back({plan_.images[i].image.canonical(), facts_of(subjects_[i])});
  facts.request = facts_of(subjects_.back());
  return facts;
}

Facts Gathering::facts_of(const Subject& subject) const {
  Facts facts;
  for (std::size_t q = 0; q < subject.answers.size(); ++q) {
    const auto& question = subject.questions->all()[q];
    auto answer = subject.answers[q];
    if (answer == nullptr) answer = fetchers_->unasked(question, too_late(question.kind(), subject.image));
    facts.add(question, std::move(answer));
  }
  return facts;
}

}  // namespace tegata::verifier
