// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "policy/model/deadline.h"
#include "policy/model/digest.h"
#include "policy/model/fact.h"
#include "policy/model/image_reference.h"
#include "verifier/evidence/workshop.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

/// What a fact is about: an image; or the request as a whole, if the repository is empty.
struct FactSubject {
  Repository repository = {};         ///< empty for the request
  std::optional<Digest> digest = {};  ///< for kinds that need one
  friend bool operator==(const FactSubject&, const FactSubject&) = default;
};

/// The cache key of a fact. The digest alone is not enough: whether an image exists depends on its
/// repository.
template <class K>
struct FactKey {
  FactSubject subject;
  typename K::Question question;
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

[[nodiscard]] inline std::size_t hash_of(const FactSubject& subject) noexcept {
  constexpr auto mixed = [](std::size_t seed, std::size_t hash) {
    return seed ^ (hash + 0x9E3779B97F4A7C15U + (seed << 6U) + (seed >> 2U));
  };
  const std::hash<std::string> hash;
  const auto repository = mixed(hash(subject.repository.registry), hash(subject.repository.path));
  return subject.digest ? mixed(DigestHash{}(*subject.digest), repository) : repository;
}
/// Approximate memory in bytes of a cache entry for this subject, without key and value.
[[nodiscard]] inline std::size_t weight_of(const FactSubject& subject) noexcept {
  constexpr std::size_t kEntry = 256;  // list node, two index nodes' worth of keys, control blocks
  constexpr std::size_t kAllocations = 2 * 32;
  return kEntry + sizeof subject + kAllocations + subject.repository.registry.capacity() +
         subject.repository.path.capacity();
}

template <class K>
struct FactKeyHash {
  std::size_t operator()(const FactKey<K>& key) const noexcept {
    auto hash = hash_of(key.subject);
    if constexpr (requires { key.question.hash(); }) hash = hash * 31 + key.question.hash();
    return hash;
  }
};

/// Access to facts that another fact is made from, through the same caches and single flights.
class OtherFacts {
 public:
  virtual ~OtherFacts() = default;

  /// Calls `done` once, on any thread.
  template <class K>
  void ask(FactSubject subject, typename K::Question question, Terms terms,
           std::function<void(const FactOf<K>&)> done) {
    ask_any(std::move(subject), AnyQuestion::of<K>(std::move(question)), std::move(terms),
            [done = std::move(done)](const std::shared_ptr<const AnyAnswer>& answer) {
              done(static_cast<const Answered<K>&>(*answer).fact);
            });
  }

 protected:
  virtual void ask_any(FactSubject subject, AnyQuestion question, Terms terms,
                       std::function<void(const std::shared_ptr<const AnyAnswer>&)> done) = 0;
};

/// What a maker needs to find a fact. Valid until `done` is called.
struct FetchContext {
  ContentSource& source;
  Terms terms;
  std::function<Time()> now;  ///< wall clock; in a replay, the time of the record
  /// Not for a kind that keeps evidence: its evidence does not include that of other facts.
  OtherFacts& others;
  /// For long computations.
  Workshop work = {};
};

/// The cost of finding a fact.
struct FetchCost {
  std::size_t requests = 0;  ///< to the ContentSource
};

/// A record of a Known fact that refers to the evidence from which to make it again.
struct RecordedEvidence {
  std::string hash;                  ///< of the trace; empty if no trace was kept
  std::optional<Time> made_at = {};  ///< set if the fact depends on it
};
/// A value as it was recorded, or the evidence from which to make it again.
template <class K>
using Readback = std::variant<std::shared_ptr<const typename K::Value>, RecordedEvidence>;

/// Everything specific to one kind of fact. Stateless except for settings; thread-safe.
template <class K>
class FactMaker {
 public:
  using Question = typename K::Question;
  using Value = typename K::Value;
  using Duration = std::chrono::steady_clock::duration;
  using Done = std::function<void(FactOf<K>)>;

  virtual ~FactMaker() = default;

  /// Finds the fact and calls `done` once, on any thread, by the deadline of the context.
  virtual void fetch(const FactKey<K>& key, const FetchContext& context, Done done) const = 0;
  /// How long the fact is cached; empty: not at all. Not called for Unknown facts, which are never cached.
  [[nodiscard]] virtual std::optional<Duration> lifetime(const FactKey<K>& key, const FactOf<K>& fact,
                                                         FetchCost cost) const = 0;
  /// Approximate memory of the value in bytes.
  [[nodiscard]] virtual std::size_t weight(const Value& value) const = 0;
  /// Limit in bytes for all cached facts of this kind.
  [[nodiscard]] virtual std::size_t cache_bytes() const = 0;

  /// The value as JSON text. `evidence`: what the value was made from.
  [[nodiscard]] virtual std::string write(const Value& value, const Evidence& evidence) const = 0;
  /// Reads the output of write(); else Malformed.
  [[nodiscard]] virtual Result<Readback<K>> read(const nlohmann::json& known) const = 0;

  /// For kinds with several questions about a subject: the JSON members (text without braces) that identify
  /// the question of a recorded fact, and whether a recorded fact has this question. Other kinds: empty, and
  /// true.
  [[nodiscard]] virtual std::string write_question(const Question&) const { return {}; }
  [[nodiscard]] virtual bool is_about(const nlohmann::json& /*recorded*/, const Question&) const {
    return true;
  }

  /// Whether read() returns evidence from which to make the fact again. If so, and if there is an evidence
  /// store, a trace of the answers of the source is kept.
  [[nodiscard]] virtual bool keeps_evidence() const { return false; }
  /// Whether the same evidence may lead to a different fact at a different time.
  [[nodiscard]] virtual bool depends_on_time(const Question&) const { return false; }
  /// The same value with `time` as the time at which it was made, if it records that.
  [[nodiscard]] virtual std::shared_ptr<const Value> made_at(std::shared_ptr<const Value> value,
                                                             Time /*time*/) const {
    return value;
  }
};

}  // namespace tegata::verifier
