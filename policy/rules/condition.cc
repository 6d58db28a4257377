// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/condition.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "policy/model/printable.h"
#include "policy/model/rfc3339.h"
#include "policy/rules/operands.h"
#include "policy/rules/raw_finding.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kShownCondition = 120;

std::string_view bound_words(ComparesNumber::How how) {
  switch (how) {
    case ComparesNumber::How::LessThan:
      return "a number less than ";
    case ComparesNumber::How::AtMost:
      return "a number of at most ";
    case ComparesNumber::How::GreaterThan:
      return "a number greater than ";
    case ComparesNumber::How::AtLeast:
      return "a number of at least ";
  }
  return {};
}

std::string_view bound_words(ComparesTime::How how) {
  switch (how) {
    case ComparesTime::How::Before:
      return "a time before ";
    case ComparesTime::How::NotAfter:
      return "a time not after ";
    case ComparesTime::How::After:
      return "a time after ";
    case ComparesTime::How::NotBefore:
      return "a time not before ";
  }
  return {};
}

struct Expected {
  std::string operator()(const Equals& test) const { return described(test.value); }
  std::string operator()(const OneOf& test) const {
    std::vector<std::string> words;
    for (const auto& value : test.values) words.push_back(described(value));
    return listed(words);
  }
  std::string operator()(const Matches& test) const {
    return "a text matching " + quoted(test.text, kShownCondition);
  }
  std::string operator()(const Exists& test) const { return test.wanted ? "anything" : "nothing"; }
  std::string operator()(const ComparesNumber& test) const {
    return std::string(bound_words(test.how)) + described(test.number);
  }
  std::string operator()(const ComparesTime& test) const {
    return std::string(bound_words(test.how)) + test.instant.text;
  }
  std::string operator()(const Quantifies&) const { return "a list"; }
};

/// Why a condition is not met by what was found (null: nothing): names path, expected and found. Printable.
std::string unmet(const Condition& condition, const Value* found) {
  return printable(condition.path.text(), kShownCondition) + ": expected " +
         std::visit(Expected{}, condition.test) + ", found " +
         (found == nullptr ? "nothing" : described(*found));
}

std::optional<Time> earlier(std::optional<Time> a, std::optional<Time> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

/// The longest of the ways in which something holds. None means forever.
struct Longest {
  bool any = false;
  std::optional<Time> until;

  void add(std::optional<Time> other) {
    if (!any)
      until = other;
    else if (until)
      until = other ? std::optional(std::max(*until, *other)) : std::nullopt;
    any = true;
  }
};

bool holds(const ComparesNumber& test, std::strong_ordering order) {
  switch (test.how) {
    case ComparesNumber::How::LessThan:
      return order < 0;
    case ComparesNumber::How::AtMost:
      return order <= 0;
    case ComparesNumber::How::GreaterThan:
      return order > 0;
    case ComparesNumber::How::AtLeast:
      return order >= 0;
  }
  return false;
}

bool holds(ComparesTime::How how, Time found, Time bound) {
  switch (how) {
    case ComparesTime::How::Before:
      return found < bound;
    case ComparesTime::How::NotAfter:
      return found <= bound;
    case ComparesTime::How::After:
      return found > bound;
    case ComparesTime::How::NotBefore:
      return found >= bound;
  }
  return false;
}

/// As time passes, only "after now" can become false.
std::optional<Time> until_of(const ComparesTime& test, Time found) {
  if (test.instant.fixed) return std::nullopt;
  if (test.how == ComparesTime::How::After) return found - test.instant.from_now;
  if (test.how == ComparesTime::How::NotBefore)
    return found - test.instant.from_now + std::chrono::milliseconds(1);
  return std::nullopt;
}

/// Holds one condition against the value at its path.
class Test {
 public:
  Test(const Condition& condition, const Value& found, Time now)
      : condition_(condition), found_(found), now_(now) {}

  ConditionOutcome operator()(const Equals& test) const { return of(same_scalar(found_, test.value)); }
  ConditionOutcome operator()(const OneOf& test) const {
    return of(std::any_of(test.values.begin(), test.values.end(),
                          [&](const Value& value) { return same_scalar(found_, value); }));
  }
  ConditionOutcome operator()(const Matches& test) const {
    const auto* text = std::get_if<std::string>(&found_.of);
    return of(text != nullptr && test.pattern != nullptr && matches_whole(*test.pattern, *text));
  }
  ConditionOutcome operator()(const Exists& test) const { return of(test.wanted); }
  ConditionOutcome operator()(const ComparesNumber& test) const {
    const auto order = compare_numbers(found_, test.number);
    return of(order && holds(test, *order));
  }
  ConditionOutcome operator()(const ComparesTime& test) const {
    const auto* text = std::get_if<std::string>(&found_.of);
    const auto time = text == nullptr ? std::nullopt : read_rfc3339(*text, TimeForm::Lenient);
    if (!time || !holds(test.how, *time, test.instant.at(now_))) return of(false);
    return {std::nullopt, until_of(test, *time)};
  }
  ConditionOutcome operator()(const Quantifies& test) const {
    const auto* items = std::get_if<Value::Array>(&found_.of);
    if (items == nullptr) return of(false);
    return test.how == Quantifies::How::Any ? any_of(test.where, *items) : all_of(test.where, *items);
  }

 private:
  [[nodiscard]] ConditionOutcome of(bool holds) const {
    if (holds) return {};
    return {unmet(condition_, &found_), std::nullopt};
  }
  [[nodiscard]] ConditionOutcome any_of(const std::vector<Condition>& where,
                                        const Value::Array& items) const {
    Longest longest;
    std::optional<std::string> first;
    for (const auto& item : items) {
      auto outcome = evaluate(where, item, now_);
      if (!outcome.mismatch) longest.add(outcome.until);
      if (outcome.mismatch && !first) first = std::move(outcome.mismatch);
    }
    if (longest.any) return {std::nullopt, longest.until};
    return {condition_.path.text() + ": none of " + std::to_string(items.size()) +
                " items meets the conditions" + (first ? "; the first: " + *first : ""),
            std::nullopt};
  }
  [[nodiscard]] ConditionOutcome all_of(const std::vector<Condition>& where,
                                        const Value::Array& items) const {
    std::optional<Time> until;
    for (std::size_t i = 0; i < items.size(); ++i) {
      auto outcome = evaluate(where, items[i], now_);
      if (outcome.mismatch)
        return {condition_.path.text() + "[" + std::to_string(i) + "]: " + *outcome.mismatch, std::nullopt};
      until = earlier(until, outcome.until);
    }
    return {std::nullopt, until};
  }

  const Condition& condition_;
  const Value& found_;
  Time now_;
};

ConditionOutcome outcome_of(const Condition& condition, const Value& value, Time now) {
  if (const auto* found = condition.path.find(value))
    return std::visit(Test(condition, *found, now), condition.test);
  const auto* exists = std::get_if<Exists>(&condition.test);
  if (exists != nullptr && !exists->wanted) return {};
  return {unmet(condition, nullptr), std::nullopt};
}

}  // namespace

ConditionOutcome evaluate(const std::vector<Condition>& conditions, const Value& value, Time now) {
  ConditionOutcome all;
  for (const auto& condition : conditions) {
    auto outcome = outcome_of(condition, value, now);
    if (outcome.mismatch) return outcome;
    all.until = earlier(all.until, outcome.until);
  }
  return all;
}

bool asks_now(const std::vector<Condition>& conditions) {
  return std::any_of(conditions.begin(), conditions.end(), [](const Condition& condition) {
    if (const auto* time = std::get_if<ComparesTime>(&condition.test)) return !time->instant.fixed;
    const auto* nested = std::get_if<Quantifies>(&condition.test);
    return nested != nullptr && asks_now(nested->where);
  });
}

}  // namespace tegata::policy
