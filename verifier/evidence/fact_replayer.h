// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "verifier/evidence/fact_fetchers.h"
#include "verifier/evidence/fact_kind.h"
#include "verifier/evidence/replay_source.h"

namespace tegata::verifier {

class EvidenceStore;
class EvidenceReplay;

/// Answers the questions of one kind from what a decision recorded.
class FactReplayer {
 public:
  using Answer = FactFetcher::Answer;
  /// What a record holds of this kind about one subject; null: there is no record of the subject.
  using Recorded = std::shared_ptr<const void>;
  virtual ~FactReplayer() = default;

  /// Malformed where it is not what a record holds.
  [[nodiscard]] virtual Result<Recorded> read(const nlohmann::json& subject) const = 0;
  /// The recorded fact; or the fact that the recorded evidence makes at the time at which it was recorded,
  /// or at `now` where no time was. Unknown{NotRecorded} for what was not asked at the time, or where the
  /// evidence, or any of the bytes that it names and that are asked for now, is missing or not what its
  /// hash says.
  [[nodiscard]] virtual Answer answer(const Recorded& recorded, const FactSubject& subject,
                                      const AnyQuestion& question, EvidenceReplay& replay, Time now) = 0;
};

/// Recorded evidence, and the replayers that make facts from it. One for a whole replay: the same evidence
/// for the same question is examined once.
class EvidenceReplay {
 public:
  /// The text of a trace by its hash, as the audit log holds it; null where it does not.
  using TextOf = std::function<std::shared_ptr<const std::string>(const std::string& hash)>;
  /// Longer than a replay takes: recorded evidence does not change.
  static constexpr std::chrono::hours kForTheWholeReplay{24 * 365};

  /// `store` may be null: then everything that needs its bytes is NotRecorded.
  EvidenceReplay(TextOf text_of, std::shared_ptr<const EvidenceStore> store, const FactKinds& kinds);

  /// What a ContentSource answered at the time. NotRecorded where that is not known.
  [[nodiscard]] Result<std::pair<std::unique_ptr<ReplaySource>, Evidence>> open(
      const std::string& hash) const;

  [[nodiscard]] const std::vector<std::pair<const KindId*, std::unique_ptr<FactReplayer>>>& replayers()
      const {
    return replayers_;
  }
  /// std::logic_error for a kind that is not among `kinds`.
  [[nodiscard]] FactReplayer& replayer_of(const KindId& kind) const;

 private:
  const TextOf text_of_;
  const std::shared_ptr<const EvidenceStore> store_;
  std::vector<std::pair<const KindId*, std::unique_ptr<FactReplayer>>> replayers_;
};

/// In a replay a fact that is made again has its own evidence only.
class NoOtherFacts final : public OtherFacts {
 protected:
  void ask_any(FactSubject, AnyQuestion, Deadline, std::function<void(const FactFetcher::Answer&)>) override;
};

}  // namespace tegata::verifier
