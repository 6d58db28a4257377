// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/result.h"

namespace tegata {

/// It exists, with this value.
template <typename T>
struct Known {
  T value;
};
/// Asked, and it does not exist.
struct Absent {};
/// The last value that was known, while a newer one is not available: it may be out of date.
struct LastKnown {
  std::shared_ptr<const void> value;  ///< a Value of the fact's kind
  Time at;                            ///< when it was determined
};
/// Could not be determined. A fact like the others: the policy decides its cost.
struct Unknown {
  Error error;
  std::optional<LastKnown> last = {};
};
template <typename T>
using Fact = std::variant<Known<T>, Absent, Unknown>;

/// What must be known of an image before a kind of fact can be queried. A fact about the request as
/// a whole needs nothing.
enum class Needs { Nothing, Digest };

/// Identifies a kind of fact: a kind has one, `kKind<K>`, and it is compared by its address.
///
/// A kind K is a struct with
///   kName     its member in records, such as "labels"
///   kMetric   its value of the label `cache` in metrics
///   kNeeds    see Needs
///   kOnce     whether a subject has at most one question of this kind
///   Question  what distinguishes questions of this kind about one image; comparable with ==. May have
///             `bool unite(const Question&)` (query both as one; false: they stay two questions)
///             and `std::size_t hash() const`
///   Value     the answer where there is one; immutable and shared
/// and may have `observe(ImageQuestions&)`: what `--observe` asks of an image besides what rules ask.
/// Its FactMaker is in verifier/evidence/facts/.
struct KindId {
  std::string_view name;
  std::string_view metric;
  Needs needs;
  bool once;
};
template <class K>
inline constexpr KindId kKind{K::kName, K::kMetric, K::kNeeds, K::kOnce};
template <class K>
using FactOf = Fact<std::shared_ptr<const typename K::Value>>;

/// What the answers of a ContentSource were, as one JSON text, and the SHA-256 of that text in hex.
/// Both empty where nothing is recorded.
struct Evidence {
  std::string hash;
  std::shared_ptr<const std::string> text;
};

/// An answer as it is kept and shared: its fact, and how it is written into a record.
struct AnyAnswer {
  Evidence evidence = {};   ///< what the fact was made from
  std::string record = {};  ///< JSON text, made once; empty: of an answer that is never recorded
};
template <class K>
struct Answered : AnyAnswer {
  FactOf<K> fact = Absent{};
};

/// A question of any kind.
class AnyQuestion {
 public:
  template <class K>
  [[nodiscard]] static AnyQuestion of(typename K::Question question) {
    return {&kKind<K>, std::make_shared<const typename K::Question>(std::move(question))};
  }
  [[nodiscard]] const KindId& kind() const noexcept { return *kind_; }
  /// Null where it is of another kind.
  template <class K>
  [[nodiscard]] const typename K::Question* as() const noexcept {
    return kind_ == &kKind<K> ? static_cast<const typename K::Question*>(question_.get()) : nullptr;
  }

 private:
  AnyQuestion(const KindId* kind, std::shared_ptr<const void> question)
      : kind_(kind), question_(std::move(question)) {}

  const KindId* kind_;
  std::shared_ptr<const void> question_;
};

/// What is asked about one subject, each question once.
class Questions {
 public:
  template <class K>
  void ask(typename K::Question question) {
    for (auto& asked : all_)
      if (const auto* before = asked.as<K>(); before != nullptr) {
        if (*before == question) return;
        if constexpr (requires(typename K::Question both) { both.unite(question); }) {
          auto both = *before;
          if (!both.unite(question)) continue;
          asked = AnyQuestion::of<K>(std::move(both));
          return;
        }
      }
    all_.push_back(AnyQuestion::of<K>(std::move(question)));
  }
  /// The questions of one kind, in the order in which they were asked.
  template <class K>
  [[nodiscard]] std::vector<typename K::Question> of() const {
    std::vector<typename K::Question> found;
    for (const auto& asked : all_)
      if (const auto* question = asked.as<K>()) found.push_back(*question);
    return found;
  }
  template <class K>
  [[nodiscard]] bool asks() const noexcept {
    for (const auto& asked : all_)
      if (asked.as<K>() != nullptr) return true;
    return false;
  }
  [[nodiscard]] const std::vector<AnyQuestion>& all() const noexcept { return all_; }

 private:
  std::vector<AnyQuestion> all_;
};

/// The answers about one subject.
class Facts {
 public:
  struct Entry {
    AnyQuestion question;
    std::shared_ptr<const AnyAnswer> answer;  ///< an Answered of the question's kind; never null
  };

  void add(AnyQuestion question, std::shared_ptr<const AnyAnswer> answer) {
    all_.push_back({std::move(question), std::move(answer)});
  }
  template <class K>
  void add(typename K::Question question, FactOf<K> fact) {
    auto answer = std::make_shared<Answered<K>>();
    answer->fact = std::move(fact);
    add(AnyQuestion::of<K>(std::move(question)), std::move(answer));
  }
  /// The fact of the first question of this kind for which `matches` is true; null: it was not asked.
  template <class K, typename Matches>
  [[nodiscard]] const FactOf<K>* find_if(Matches matches) const {
    for (const auto& entry : all_)
      if (const auto* question = entry.question.as<K>(); question != nullptr && matches(*question))
        return &static_cast<const Answered<K>&>(*entry.answer).fact;
    return nullptr;
  }
  template <class K>
  [[nodiscard]] const FactOf<K>* find() const {
    return find_if<K>([](const auto&) { return true; });
  }
  [[nodiscard]] const std::vector<Entry>& all() const noexcept { return all_; }

 private:
  std::vector<Entry> all_;
};

}  // namespace tegata
