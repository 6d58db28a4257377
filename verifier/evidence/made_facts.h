// SPDX-License-Identifier: Apache-2.0
// Templates shared by all kinds of facts: cache and single flight, record, replay. Include this only in
// fact_kinds.cc and tests; it is expensive to compile.
#pragma once

#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "policy/model/limits.h"
#include "verifier/evidence/fact_kinds.h"
#include "verifier/evidence/fact_record.h"
#include "verifier/evidence/replay.h"

namespace tegata::verifier {

/// Calls `maker`. An exception becomes Unknown{Internal}, since this runs on threads without a handler.
template <class K>
void make_fact(const FactMaker<K>& maker, const FactKey<K>& key, const FetchContext& context,
               std::function<void(FactOf<K>)> done) {
  const auto once = std::make_shared<std::function<void(FactOf<K>)>>(std::move(done));
  const auto finish = [once](FactOf<K> fact) {
    if (auto call = std::exchange(*once, nullptr)) call(std::move(fact));
  };
  try {
    maker.fetch(key, context, finish);
  } catch (const std::exception& bug) {
    finish(Unknown{{ErrorCode::Internal, std::string(K::kName) + ": " + bug.what()}});
  }
}

template <class K>
class FactFetcherOf final : public FactFetcher {
 public:
  FactFetcherOf(std::shared_ptr<const FactMaker<K>> maker, FactFetchers& all)
      : maker_(std::move(maker)),
        all_(all),
        cache_(all.settings().cache_entries, maker_->cache_bytes(), abandoned(), all.settings().now) {}

  Answer kept(const FactSubject& subject, const AnyQuestion& question) const override {
    return cache_.find(key_of(subject, question));
  }

  void fetch(const FactRequest& request, std::function<void(const Answer&)> done) override {
    const auto key = key_of(request.subject, request.question);
    cache_.get(
        key, [&](Completion complete) { start(key, request, std::move(complete)); }, std::move(done),
        request.terms.askers);
  }

  Answer unasked(const AnyQuestion& question, const Unasked& fact) const override {
    return std::visit([&](const auto& state) { return answered<K>(*maker_, *question.as<K>(), state); },
                      fact);
  }

  CacheCounts counts() const noexcept override { return cache_.counts(); }

 private:
  using Cache = FactCache<FactKey<K>, Answered<K>, FactKeyHash<K>>;
  using Completion = typename Cache::Completion;
  using Outcome = typename Cache::Outcome;

  static FactKey<K> key_of(const FactSubject& subject, const AnyQuestion& question) {
    FactKey<K> key{subject, *question.as<K>()};
    if (K::kNeeds == Needs::Nothing) key.subject.digest.reset();
    return key;
  }
  static Answered<K> abandoned() {
    Answered<K> answer;
    Unknown unknown{{ErrorCode::Internal, "the check was abandoned without an answer"}};
    answer.record = unknown_record({}, unknown, {});
    answer.fact = std::move(unknown);
    return answer;
  }

  void start(const FactKey<K>& key, const FactRequest& request, Completion complete) {
    if (all_.closed())
      return complete(outcome_of(
          key,
          Unknown{{ErrorCode::CutShort, "Tegata is shutting down and sends no more requests to registries"}},
          {}, {}));
    // Owned by the fetch: the fetchers and the source.
    const auto all = all_.shared_from_this();
    const auto source = all_.source_for(request, maker_->keeps_evidence());
    make_fact<K>(*maker_, key,
                 {source.first(),
                  {request.terms.deadline, complete.askers()},
                  all_.settings().wall_clock,
                  all_,
                  all_.workshop()},
                 [this, all, key, source, complete](FactOf<K> fact) {
                   complete(outcome_of(key, std::move(fact), {source.requests()}, source.evidence()));
                 });
  }

  [[nodiscard]] Outcome outcome_of(const FactKey<K>& key, FactOf<K> fact, FetchCost cost,
                                   Evidence evidence) const {
    if (std::holds_alternative<Unknown>(fact))
      return {answered<K>(*maker_, key.question, std::move(fact)), {}, 0};
    const auto lifetime = maker_->lifetime(key, fact, cost);
    auto bytes = sizeof key + weight_of(key.subject);
    if (const auto* known = std::get_if<Known<std::shared_ptr<const typename K::Value>>>(&fact))
      bytes += maker_->weight(*known->value);
    if (evidence.text) bytes += evidence.text->capacity();
    auto answer = answered<K>(*maker_, key.question, std::move(fact), std::move(evidence));
    return {answer, lifetime, bytes + answer->record.capacity()};
  }

  const std::shared_ptr<const FactMaker<K>> maker_;
  FactFetchers& all_;
  Cache cache_;
};

template <class K>
class FactReplayerOf final : public FactReplayer {
 public:
  explicit FactReplayerOf(std::shared_ptr<const FactMaker<K>> maker)
      : maker_(std::move(maker)), done_(limits::kCacheEntries, maker_->cache_bytes(), Answered<K>{}) {}

  Result<Recorded> read(const nlohmann::json& subject) const override {
    auto all = std::make_shared<Elements>();
    TEGATA_TRY(const auto elements, recorded_elements(subject, kKind<K>));
    for (const auto* element : elements) TEGATA_CHECK(read_element(*element, all->emplace_back()));
    return Recorded(std::move(all));
  }

  Answer answer(const Recorded& recorded, const FactSubject& subject, const AnyQuestion& asked,
                EvidenceReplay& replay, Time now) override {
    const auto& question = *asked.as<K>();
    if (recorded != nullptr)
      for (const auto& element : *static_cast<const Elements*>(recorded.get()))
        if (maker_->is_about(element.text, question))
          return answer(element, {subject, question}, replay, now);
    return not_recorded({subject, question}, "not looked up at the time");
  }

 private:
  struct Element {
    nlohmann::json text;  ///< without the value; for FactMaker::is_about
    std::variant<FactOf<K>, RecordedEvidence> fact = FactOf<K>(Absent{});
    mutable std::once_flag once = {};
    mutable Answer answer = {};  ///< of a fact without evidence; made once, for all records that refer to it
  };
  using Elements = std::deque<Element>;
  struct Key {
    std::string evidence;
    FactKey<K> asked;
    Time now;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return FactKeyHash<K>{}(key.asked) ^ std::hash<std::string>{}(key.evidence);
    }
  };
  using Shared = std::shared_ptr<const typename K::Value>;

  [[nodiscard]] Status read_element(const nlohmann::json& element, Element& made) const {
    TEGATA_TRY(auto read, read_fact(element));
    made.text = element;
    made.text.erase("known");
    if (read.unknown) {
      if (read.last_known != nullptr) {
        TEGATA_TRY(auto last, maker_->read(*read.last_known));
        if (const auto* value = std::get_if<Shared>(&last)) read.unknown->last = {*value, read.last_known_at};
      }
      made.fact = FactOf<K>(*std::move(read.unknown));
    } else if (read.known != nullptr) {
      TEGATA_TRY(auto known, maker_->read(*read.known));
      if (auto* value = std::get_if<Shared>(&known))
        made.fact = FactOf<K>(Known<Shared>{std::move(*value)});
      else
        made.fact = std::get<RecordedEvidence>(std::move(known));
    }
    return done();
  }

  [[nodiscard]] Answer answer(const Element& element, const FactKey<K>& key, EvidenceReplay& replay,
                              Time now) {
    if (const auto* fact = std::get_if<FactOf<K>>(&element.fact)) {
      std::call_once(element.once, [&] { element.answer = answered<K>(*maker_, key.question, *fact); });
      return element.answer;
    }
    const auto& evidence = std::get<RecordedEvidence>(element.fact);
    if (K::kNeeds == Needs::Digest && !key.subject.digest)
      return not_recorded(key, "the digest of the image was not looked up at the time");
    return made_again(evidence.hash, key, replay, evidence.made_at.value_or(now));
  }

  [[nodiscard]] Answer not_recorded(const FactKey<K>& key, const std::string& why) const {
    auto of = key.subject.repository.path.empty() ? std::string() : " of " + key.subject.repository.text();
    return answered<K>(*maker_, key.question,
                       Unknown{{ErrorCode::NotRecorded, std::string(K::kName) + std::move(of) + ": " + why}});
  }

  /// The same evidence is examined once for the same question in a whole replay.
  [[nodiscard]] Answer made_again(const std::string& hash, const FactKey<K>& asked, EvidenceReplay& replay,
                                  Time now) {
    Key key{hash, asked, Time{}};
    // If the fact depends on the time, a fact of another time cannot be reused.
    if (maker_->depends_on_time(asked.question)) key.now = now;
    if (auto done = done_.find(key)) return as_of(done, std::move(key), now);
    return kept(key, from_evidence(key, replay, now));
  }

  [[nodiscard]] Answer kept(const Key& key, std::shared_ptr<const Answered<K>> answer) {
    const auto bytes = sizeof key + weight_of(key.asked.subject) + answer->record.capacity();
    done_.get(
        key,
        [&](const typename Done::Completion& complete) {
          complete({answer, EvidenceReplay::kForTheWholeReplay, bytes});
        },
        [](const auto&) {});
    return answer;
  }

  /// A later look found the same evidence: the fact is the same, except for the time that it records.
  [[nodiscard]] Answer as_of(const std::shared_ptr<const Answered<K>>& done, Key key, Time time) {
    const auto* known = std::get_if<Known<Shared>>(&done->fact);
    auto value = known == nullptr ? nullptr : maker_->made_at(known->value, time);
    if (known == nullptr || value == known->value) return done;
    key.now = time;
    if (auto same = done_.find(key)) return same;
    return kept(key,
                answered<K>(*maker_, key.asked.question, Known<Shared>{std::move(value)}, done->evidence));
  }

  [[nodiscard]] std::shared_ptr<const Answered<K>> from_evidence(const Key& key, EvidenceReplay& replay,
                                                                 Time now) const {
    const auto& question = key.asked.question;
    auto opened = replay.open(key.evidence);
    if (!opened.ok()) return answered<K>(*maker_, question, Unknown{opened.error()});
    auto& [source, evidence] = *opened;
    std::optional<FactOf<K>> fact;
    NoOtherFacts others;
    make_fact<K>(*maker_, key.asked, {*source, Deadline::never(), [now] { return now; }, others},
                 [&fact](FactOf<K> made) { fact = std::move(made); });
    if (const auto& missing = source->missing()) fact = Unknown{*missing};
    if (!fact) fact = Unknown{{ErrorCode::Internal, "recorded evidence was not examined at once"}};
    return answered<K>(*maker_, question, *std::move(fact), std::move(evidence));
  }

  using Done = FactCache<Key, Answered<K>, KeyHash>;
  const std::shared_ptr<const FactMaker<K>> maker_;
  Done done_;
};

template <class K>
class FactKindOf final : public FactKind {
 public:
  explicit FactKindOf(std::shared_ptr<const FactMaker<K>> maker) : maker_(std::move(maker)) {}
  const KindId& id() const noexcept override { return kKind<K>; }
  void observe([[maybe_unused]] ImageQuestions& image) const override {
    if constexpr (requires { K::observe(image); }) K::observe(image);
  }
  std::unique_ptr<FactFetcher> fetcher(FactFetchers& all) const override {
    return std::make_unique<FactFetcherOf<K>>(maker_, all);
  }
  std::unique_ptr<FactReplayer> replayer() const override {
    return std::make_unique<FactReplayerOf<K>>(maker_);
  }

 private:
  std::shared_ptr<const FactMaker<K>> maker_;
};

template <class K>
[[nodiscard]] std::shared_ptr<const FactKind> made_by(std::shared_ptr<const FactMaker<K>> maker) {
  return std::make_shared<FactKindOf<K>>(std::move(maker));
}

}  // namespace tegata::verifier
