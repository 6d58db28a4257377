// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/live_gatherer.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

#include "verifier/evidence/fact_kinds.h"

namespace tegata::verifier {
namespace {

/// The answers about one subject, if all are cached. `image` is null for the request.
std::optional<Facts> kept_facts(const FactFetchers& fetchers, const Questions& questions,
                                const ImageReference* image) {
  FactSubject subject;
  if (image != nullptr) subject = {image->repository(), image->digest()};
  // The tag of an image without digest is the first question.
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

/// A request that the registry does not answer fails by its own timeout. What is not known by now was cut
/// short: people who push can make a check long, and people who deploy can make Tegata busy.
Unknown too_late(const KindId& kind, const ImageReference* image) {
  const auto of = image == nullptr ? "" : " of " + image->repository().text();
  return {{ErrorCode::CutShort, "no answer within the caller's time budget: " + std::string(kind.name) + of}};
}

std::shared_ptr<const Content> manifest_of(const ResolvedTag& tag) {
  if (tag.manifest == nullptr) return nullptr;
  return std::make_shared<const Content>(Content{tag.digest, tag.media_type, *tag.manifest});
}

/// One call of gather() that has to wait: its questions, and the answers received so far. Shared with the
/// fetches, which may answer after the call has returned.
class Gathering : public std::enable_shared_from_this<Gathering> {
 public:
  Gathering(const EvidencePlan& plan, std::shared_ptr<FactFetchers> fetchers);

  /// Starts all questions. Cached ones are answered before this returns.
  void start();

  /// The facts, when all are available or the deadline has passed.
  [[nodiscard]] GatheredFacts wait(Deadline deadline);

 private:
  using Answer = FactFetchers::Answer;

  /// The questions about one image, or about the request.
  struct Subject {
    const ImageReference* image = nullptr;  ///< null: the request
    const Questions* questions = nullptr;
    std::vector<Answer> answers = {};  ///< one for each question; null: not available yet
  };

  void ask(std::size_t subject, std::size_t question, const FactRequest& request);
  /// Starts the questions that need the digest of the image.
  void ask_by_digest(std::size_t subject, const Digest& digest,
                     const std::shared_ptr<const Content>& manifest);
  /// Continues after the answer for the tag of an image without digest.
  void go_on(std::size_t subject, const Answer& tag);
  void take(std::size_t subject, std::size_t question, Answer answer);
  [[nodiscard]] Facts facts_of(const Subject& subject) const;

  const EvidencePlan plan_;
  const std::shared_ptr<FactFetchers> fetchers_;
  const Deadline fetch_deadline_;
  std::mutex mutex_;
  std::condition_variable complete_;
  std::vector<Subject> subjects_;  ///< the images, then the request; answers and open_ are guarded by mutex_
  std::size_t open_ = 0;           ///< questions without an answer
};

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
  // Waiting until the maximum time point overflows with some clocks.
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
