// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "policy/model/deadline.h"
#include "policy/model/fact.h"
#include "verifier/evidence/fact_key.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

/// Facts that another fact is made from, through the same caches and shared with all who ask.
class OtherFacts {
 public:
  virtual ~OtherFacts() = default;

  /// Calls `done` once, on any thread.
  template <class K>
  void ask(FactSubject subject, typename K::Question question, Deadline deadline,
           std::function<void(const FactOf<K>&)> done) {
    ask_any(std::move(subject), AnyQuestion::of<K>(std::move(question)), deadline,
            [done = std::move(done)](const std::shared_ptr<const AnyAnswer>& answer) {
              done(static_cast<const Answered<K>&>(*answer).fact);
            });
  }

 protected:
  virtual void ask_any(FactSubject subject, AnyQuestion question, Deadline deadline,
                       std::function<void(const std::shared_ptr<const AnyAnswer>&)> done) = 0;
};

/// What a maker finds a fact out with. Valid until `done` is called.
struct FetchContext {
  ContentSource& source;
  Deadline deadline;
  std::function<Time()> now;  ///< wall clock; in a replay the time of the record
  /// Not for a kind that keeps evidence: what another fact was made from is not in its own evidence.
  OtherFacts& others;
};

/// What a fact cost to find out.
struct FetchCost {
  std::size_t requests = 0;  ///< to the ContentSource
};

/// What a record says of a Known fact: where the evidence is to make it from again.
struct RecordedEvidence {
  std::string hash;                  ///< of the trace; empty where none was kept
  std::optional<Time> made_at = {};  ///< where the fact depends on it
};
/// A value as it was recorded, or the evidence to make it from again.
template <class K>
using Readback = std::variant<std::shared_ptr<const typename K::Value>, RecordedEvidence>;

/// All that is particular to one kind of fact. Stateless apart from settings; thread-safe.
template <class K>
class FactMaker {
 public:
  using Question = typename K::Question;
  using Value = typename K::Value;
  using Duration = std::chrono::steady_clock::duration;
  using Done = std::function<void(FactOf<K>)>;

  virtual ~FactMaker() = default;

  /// Finds the fact out and calls `done` once, on any thread, by the context's deadline.
  virtual void fetch(const FactKey<K>& key, const FetchContext& context, Done done) const = 0;
  /// For how long the fact is kept; none: not at all. Not asked of Unknown facts, which are never kept.
  [[nodiscard]] virtual std::optional<Duration> lifetime(const FactKey<K>& key, const FactOf<K>& fact,
                                                         FetchCost cost) const = 0;
  /// About how many bytes of memory the value holds.
  [[nodiscard]] virtual std::size_t weight(const Value& value) const = 0;
  /// How many bytes all kept facts of this kind may hold.
  [[nodiscard]] virtual std::size_t cache_bytes() const = 0;

  /// JSON text. `evidence`: what the value was made from.
  [[nodiscard]] virtual std::string write(const Value& value, const Evidence& evidence) const = 0;
  /// Malformed where it is not what write() gives.
  [[nodiscard]] virtual Result<Readback<K>> read(const nlohmann::json& known) const = 0;

  /// For kinds with several questions about a subject: the members, as JSON text without braces, that tell
  /// what a recorded fact is about, and whether it is about this question. Empty, and true, for the others.
  [[nodiscard]] virtual std::string write_question(const Question&) const { return {}; }
  [[nodiscard]] virtual bool is_about(const nlohmann::json& /*recorded*/, const Question&) const {
    return true;
  }

  /// Whether read() gives evidence to make the fact from again: then a trace of what the source answered
  /// is kept, where there is an evidence store.
  [[nodiscard]] virtual bool keeps_evidence() const { return false; }
  /// Whether the same evidence may make another fact at another time.
  [[nodiscard]] virtual bool depends_on_time(const Question&) const { return false; }
};

}  // namespace tegata::verifier
