// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/live_gatherer.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "verifier/evidence/fact_kinds.h"

namespace tegata::verifier {
namespace {

/// The answers about one subject, if all are cached; `missing`, unless null, takes the place of those that
/// are not. `image` is null for the request.
std::optional<Facts> kept_facts(const FactFetchers& fetchers, const Questions& questions,
                                const ImageReference* image, const Unknown* missing) {
  FactSubject subject;
  if (image != nullptr) subject = {image->repository(), image->digest()};
  // The tag of an image without digest is the first question.
  Unasked otherwise = Unknown{{ErrorCode::Internal, "neither tag nor digest"}};
  Facts facts;
  for (const auto& question : questions.all()) {
    const bool cannot_ask = question.kind().needs == Needs::Digest && !subject.digest;
    auto answer = cannot_ask ? fetchers.unasked(question, otherwise) : fetchers.kept(subject, question);
    if (answer == nullptr && missing == nullptr) return std::nullopt;
    if (answer == nullptr) answer = fetchers.unasked(question, *missing);
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

std::optional<GatheredFacts> kept_facts(const FactFetchers& fetchers, const EvidencePlan& plan,
                                        const Unknown* missing = nullptr) {
  GatheredFacts gathered;
  gathered.images.reserve(plan.images.size());
  for (const auto& image : plan.images) {
    auto facts = kept_facts(fetchers, image.questions, &image.image, missing);
    if (!facts) return std::nullopt;
    gathered.images.push_back({image.image.canonical(), *std::move(facts)});
  }
  auto facts = kept_facts(fetchers, plan.request, nullptr, missing);
  if (!facts) return std::nullopt;
  gathered.request = *std::move(facts);
  return gathered;
}

/// What is not known by the caller's deadline was cut short, unless a request for it has failed: people who
/// push can make a check long, and people who deploy can make Tegata busy.
Unknown too_late(const KindId& kind, const ImageReference* image, const std::optional<Error>& failed) {
  if (failed) return {*failed};
  const auto of = image == nullptr ? "" : " of " + image->repository().text();
  return {{ErrorCode::CutShort, "no answer within the caller's time budget: " + std::string(kind.name) + of}};
}

Unknown crowded_out() {
  return {{ErrorCode::CutShort, "not known in time: too many requests of this user wait for registries"}};
}

std::uint64_t next_request() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
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
  /// wait() lasts no longer than this.
  void end_by(Deadline deadline);
  /// The same, since too many calls of the same user wait.
  void crowded(Deadline deadline);

 private:
  using Answer = FactFetchers::Answer;

  /// The questions about one image, or about the request.
  struct Subject {
    const ImageReference* image = nullptr;  ///< null: the request
    const Questions* questions = nullptr;
    std::shared_ptr<Askers> askers = {};  ///< this call, for this subject
    std::vector<Answer> answers = {};     ///< one for each question; null: not available yet
  };

  [[nodiscard]] Terms terms_of(const Subject& subject) const { return {fetch_deadline_, subject.askers}; }
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
  Deadline end_ = Deadline::never();  ///< guarded by mutex_
  bool crowded_ = false;
};

Gathering::Gathering(const EvidencePlan& plan, std::shared_ptr<FactFetchers> fetchers)
    : plan_(plan),
      fetchers_(std::move(fetchers)),
      fetch_deadline_(Deadline::after(fetchers_->settings().fetch)) {
  for (const auto& image : plan_.images) subjects_.push_back({&image.image, &image.questions});
  subjects_.push_back({nullptr, &plan_.request});
  const auto request = next_request();
  for (auto& subject : subjects_) {
    subject.askers = Askers::of({plan_.user, request, static_cast<std::size_t>(&subject - subjects_.data())});
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
             terms_of(subjects_[i])});
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
          {{subjects_[subject].image->repository(), digest},
           questions[q],
           manifest,
           terms_of(subjects_[subject])});
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
  for (auto until = deadline.earlier_of(end_); open_ > 0 && !until.passed();
       until = deadline.earlier_of(end_)) {
    // Waiting until the maximum time point overflows with some clocks.
    if (until.time() == Deadline::never().time())
      complete_.wait(lock);
    else
      complete_.wait_until(lock, until.time());
  }
  GatheredFacts facts;
  for (std::size_t i = 0; i < plan_.images.size(); ++i)
    facts.images.push_back({plan_.images[i].image.canonical(), facts_of(subjects_[i])});
  facts.request = facts_of(subjects_.back());
  for (const auto& subject : subjects_) subject.askers->leave();
  return facts;
}

void Gathering::end_by(Deadline deadline) {
  const std::lock_guard lock(mutex_);
  end_ = end_.earlier_of(deadline);
  complete_.notify_all();
}

void Gathering::crowded(Deadline deadline) {
  end_by(deadline);
  const std::lock_guard lock(mutex_);
  crowded_ = true;
}

Facts Gathering::facts_of(const Subject& subject) const {
  Facts facts;
  // Called with the lock; what ends because of a shutdown is not the registry's fault.
  const auto failed = end_.passed() ? std::nullopt : subject.askers->failure();
  for (std::size_t q = 0; q < subject.answers.size(); ++q) {
    const auto& question = subject.questions->all()[q];
    auto answer = subject.answers[q];
    if (answer == nullptr && crowded_ && end_.passed())
      answer = fetchers_->unasked(question, crowded_out());
    else if (answer == nullptr)
      answer = fetchers_->unasked(question, too_late(question.kind(), subject.image, failed));
    facts.add(question, std::move(answer));
  }
  return facts;
}

}  // namespace

/// The calls of gather() that wait now.
class LiveGatherer::Calls {
 public:
  explicit Calls(const GatherSettings& settings)
      : most_(settings.waiting_calls), most_of_a_user_(settings.waiting_calls_of_a_user) {}

  /// Lists a call as long as it lasts.
  class Entry {
   public:
    Entry(Calls& calls, const std::string& user, Gathering& call)
        : calls_(calls), user_(user), call_(call), crowded_(calls.enter(user, call)) {}
    ~Entry() { calls_.leave(user_, call_); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    /// Too many calls wait, and too many of them are this user's.
    [[nodiscard]] bool crowded() const noexcept { return crowded_; }

   private:
    Calls& calls_;
    const std::string& user_;
    Gathering& call_;
    const bool crowded_;
  };

  void end_by(Deadline deadline) {
    const std::lock_guard lock(mutex_);
    end_ = deadline;
    for (auto* call : calls_) call->end_by(deadline);
  }

 private:
  bool enter(const std::string& user, Gathering& call) {
    const std::lock_guard lock(mutex_);
    calls_.insert(&call);
    call.end_by(end_);
    auto& of_user = waiting_of_[user];
    const bool crowded = calls_.size() > most_ && of_user >= most_of_a_user_;
    ++of_user;
    return crowded;
  }
  void leave(const std::string& user, Gathering& call) {
    const std::lock_guard lock(mutex_);
    calls_.erase(&call);
    if (const auto of = waiting_of_.find(user); --of->second == 0) waiting_of_.erase(of);
  }

  const std::size_t most_, most_of_a_user_;
  std::mutex mutex_;
  std::set<Gathering*> calls_;
  std::map<std::string, std::size_t> waiting_of_;  ///< by user
  Deadline end_ = Deadline::never();
};

LiveGatherer::LiveGatherer(ContentSource& source, const FactKinds& kinds, GatherSettings settings)
    : fetchers_(std::make_shared<FactFetchers>(source, kinds, std::move(settings))),
      calls_(std::make_unique<Calls>(fetchers_->settings())) {}

LiveGatherer::~LiveGatherer() { fetchers_->close(); }

GatheredFacts LiveGatherer::gather(const EvidencePlan& plan, Deadline deadline) {
  if (auto kept = kept_facts(*fetchers_, plan)) return *std::move(kept);
  if (plan.cached_only) {
    const Unknown missing{{ErrorCode::CutShort, "not looked up, because the deployer is not allowed"}};
    return kept_facts(*fetchers_, plan, &missing).value();
  }
  const auto gathering = std::make_shared<Gathering>(plan, fetchers_);
  const Calls::Entry entry(*calls_, plan.user, *gathering);
  gathering->start();
  if (entry.crowded()) gathering->crowded(Deadline::after(fetchers_->settings().crowded_wait));
  return gathering->wait(deadline);
}

void LiveGatherer::end_by(Deadline deadline) {
  fetchers_->close_at(deadline.time());
  calls_->end_by(deadline);
}

std::vector<std::pair<std::string_view, CacheCounts>> LiveGatherer::counts() const {
  return fetchers_->counts();
}

}  // namespace tegata::verifier
