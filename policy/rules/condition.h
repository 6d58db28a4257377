// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "policy/rules/operands.h"
#include "policy/rules/pattern.h"

/// The language of `where`: conditions over a verified predicate. It is total: no loops but over the
/// predicate, no recursion but into `any` and `all`, which nest at most twice; the work is at most
/// the number of conditions times the size of the predicate.
namespace tegata::policy {

struct Condition;

struct Equals {
  Value value;  ///< a text, a number or a truth value

  [[nodiscard]] auto parts() const {
    const auto& [wanted] = *this;
    return std::tie(wanted);
  }
};
struct OneOf {
  std::vector<Value> values;

  [[nodiscard]] auto parts() const {
    const auto& [wanted] = *this;
    return std::tie(wanted);
  }
};
struct Matches {
  std::string text;
  std::shared_ptr<const re2::RE2> pattern;  ///< anchored; made from the text

  [[nodiscard]] auto parts() const {
    const auto& [written, compiled] = *this;
    static_cast<void>(compiled);
    return std::tie(written);
  }
};
struct Exists {
  bool wanted = true;

  [[nodiscard]] auto parts() const {
    const auto& [present] = *this;
    return std::tie(present);
  }
};
struct ComparesNumber {
  enum class How { LessThan, AtMost, GreaterThan, AtLeast } how;
  Value number;

  [[nodiscard]] auto parts() const {
    const auto& [comparison, bound] = *this;
    return std::tie(comparison, bound);
  }
};
struct ComparesTime {
  enum class How { Before, NotAfter, After, NotBefore } how;
  Instant instant;

  [[nodiscard]] auto parts() const {
    const auto& [comparison, bound] = *this;
    return std::tie(comparison, bound);
  }
};
/// `any: [conditions]`: one item of the list meets them all; `all`: each does (an empty list too).
struct Quantifies {
  enum class How { Any, All } how;
  std::vector<Condition> where;

  [[nodiscard]] auto parts() const {
    const auto& [quantity, conditions] = *this;
    return std::tie(quantity, conditions);
  }
};

/// `{path: PATH, OPERATOR: VALUE}`
struct Condition {
  ValuePath path;
  std::variant<Equals, OneOf, Matches, Exists, ComparesNumber, ComparesTime, Quantifies> test;

  [[nodiscard]] auto parts() const {
    const auto& [place, requirement] = *this;
    return std::tie(place, requirement);
  }
};

/// The result of conditions: why they do not hold, or until when they do (PredicateReading).
struct ConditionOutcome {
  std::optional<std::string> mismatch = {};
  std::optional<Time> until = {};
};

/// Whether all conditions hold for `value`. What is not there, or is of another type than the
/// operator requires, meets no condition (but `exists: false`, which requires absence).
[[nodiscard]] ConditionOutcome evaluate(const std::vector<Condition>& conditions, const Value& value,
                                        Time now);

/// Whether an answer may change with the clock.
[[nodiscard]] bool asks_now(const std::vector<Condition>& conditions);

}  // namespace tegata::policy
