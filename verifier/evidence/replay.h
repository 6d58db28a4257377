// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verifier/evidence/fact_kinds.h"
#include "verifier/evidence/gather.h"
#include "verifier/evidence/trace.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

class EvidenceStore;

/// Repeats the answers of an earlier source, from a trace and the bytes in the store: immediately, on the
/// caller's thread. What is missing in the trace or in the store is NotRecorded.
class ReplaySource final : public ContentSource {
 public:
  /// As parse_trace().
  [[nodiscard]] static Result<std::unique_ptr<ReplaySource>> open(std::string_view trace,
                                                                  std::shared_ptr<const EvidenceStore> store);

  void fetch(std::vector<ContentRequest> requests, Terms terms, Done done) override;

  /// The first NotRecorded answer. If set, a fact made from these answers is not the fact of the time.
  [[nodiscard]] const std::optional<Error>& missing() const noexcept { return missing_; }

 private:
  ReplaySource(std::map<std::string, RecordedAnswer> answers, std::shared_ptr<const EvidenceStore> store);
  [[nodiscard]] ContentAnswer answer(const ContentRequest& request) const;

  const std::map<std::string, RecordedAnswer> answers_;
  const std::shared_ptr<const EvidenceStore> store_;
  std::optional<Error> missing_;
};

class EvidenceReplay;

/// Answers the questions of one kind from the record of a decision. Thread-safe.
class FactReplayer {
 public:
  using Answer = FactFetcher::Answer;
  /// The facts of this kind about one subject in a record; null: the subject is not in the record.
  using Recorded = std::shared_ptr<const void>;
  virtual ~FactReplayer() = default;

  /// Malformed if it is not a valid record.
  [[nodiscard]] virtual Result<Recorded> read(const nlohmann::json& subject) const = 0;
  /// The recorded fact; or the fact made again from the recorded evidence, as of the recorded time, or of
  /// `now` if no time was recorded. Unknown{NotRecorded} if the question was not asked at the time, or if the
  /// evidence, or content that it names and that is needed now, is missing or does not match its hash.
  [[nodiscard]] virtual Answer answer(const Recorded& recorded, const FactSubject& subject,
                                      const AnyQuestion& question, EvidenceReplay& replay, Time now) = 0;
};

/// Recorded evidence, and the replayers that make facts from it. One object is used for a whole replay, so
/// that the same evidence is examined once for the same question. Thread-safe.
class EvidenceReplay {
 public:
  /// The text of a trace in the audit log, by its hash; null if it is not there. Called on many threads.
  using TextOf = std::function<std::shared_ptr<const std::string>(const std::string& hash)>;
  /// Longer than any replay takes: recorded evidence does not change.
  static constexpr std::chrono::hours kForTheWholeReplay{24 * 365};

  /// `store` may be null: then everything that needs stored bytes is NotRecorded.
  EvidenceReplay(TextOf text_of, std::shared_ptr<const EvidenceStore> store, const FactKinds& kinds);

  /// The answers of a ContentSource at the time. NotRecorded if they are not available.
  [[nodiscard]] Result<std::pair<std::unique_ptr<ReplaySource>, Evidence>> open(
      const std::string& hash) const;

  [[nodiscard]] const std::vector<std::pair<const KindId*, std::unique_ptr<FactReplayer>>>& replayers()
      const {
    return replayers_;
  }
  /// std::logic_error for a kind that is not in `kinds`.
  [[nodiscard]] FactReplayer& replayer_of(const KindId& kind) const;

 private:
  const TextOf text_of_;
  const std::shared_ptr<const EvidenceStore> store_;
  std::vector<std::pair<const KindId*, std::unique_ptr<FactReplayer>>> replayers_;
};

/// In a replay, a fact is made again from its own evidence only.
class NoOtherFacts final : public OtherFacts {
 protected:
  void ask_any(FactSubject, AnyQuestion, Terms, std::function<void(const FactFetcher::Answer&)>) override;
};

/// The facts about one subject as a record has them, read once for all records that refer to them.
struct RecordedFacts {
  std::optional<std::string> image;  ///< empty for the request
  std::map<const KindId*, FactReplayer::Recorded> kinds = {};
};
/// `subject`: the output of facts_text() or request_facts_text(); Malformed otherwise.
[[nodiscard]] Result<std::shared_ptr<const RecordedFacts>> read_recorded_facts(const nlohmann::json& subject,
                                                                               const EvidenceReplay& replay);

/// Answers a plan, of the same policy or a different one, from the record of one decision: values as they
/// were recorded, and signatures verified again from their evidence under the trust settings of the plan.
/// What was not asked at the time is Unknown{NotRecorded}. Under the same policy the facts are the same, byte
/// for byte. Does not use the network; ignores the deadline.
class ReplayGatherer final : public Gatherer {
 public:
  using AllFacts = std::vector<std::shared_ptr<const RecordedFacts>>;

  /// `facts`: those of one decision. `replay` must outlive the gatherer. `now`: the time of the decision.
  ReplayGatherer(AllFacts facts, EvidenceReplay& replay, Time now)
      : replay_(replay), now_(now), recorded_(std::move(facts)) {}
  /// The same from a JSON array of what read_recorded_facts() reads; Malformed otherwise.
  [[nodiscard]] static Result<std::unique_ptr<ReplayGatherer>> of(const nlohmann::json& facts,
                                                                  EvidenceReplay& replay, Time now);

  [[nodiscard]] GatheredFacts gather(const EvidencePlan& plan, Deadline deadline) override;

 private:
  [[nodiscard]] const RecordedFacts* find(const std::optional<std::string>& image) const;
  /// `image` is null for the request.
  [[nodiscard]] Facts answer(const Questions& questions, const ImageReference* image);

  EvidenceReplay& replay_;
  const Time now_;
  const AllFacts recorded_;
};

}  // namespace tegata::verifier
