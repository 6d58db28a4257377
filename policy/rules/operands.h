// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "policy/model/deadline.h"
#include "policy/model/predicate.h"
#include "policy/model/result.h"

/// The operands of a condition (condition.h): the place of a value, scalars and how they compare, and
/// moments. They know nothing about the operators.
namespace tegata::policy {

/// Names one place in a JSON value:
///
///     path  = "." | first *( "." name | "[" index "]" | "[" string "]" )
///     first = name | "[" index "]" | "[" string "]"
///     name  = 1*( any character but space, control characters and . [ ] " )
///     index = "0" | a decimal number without leading zeros, below 1000000
///     string = a text in double quotes; \" and \\ are a quote and a backslash
///
/// `.` is the value itself.
class ValuePath {
 public:
  /// Malformed names the byte (from 1) at which the path breaks the grammar. LimitExceeded.
  [[nodiscard]] static Result<ValuePath> parse(std::string_view text);

  /// The value at this path; null where there is none. A null of JSON is a value.
  [[nodiscard]] const Value* find(const Value& value) const noexcept;
  /// As written.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  using Step = std::variant<std::string, std::size_t>;
  ValuePath() = default;
  std::string text_;
  std::vector<Step> steps_;
};

/// Which of two numbers is less: exactly, also between integers and fractions, where a conversion
/// would lose digits. None where one is not a number.
[[nodiscard]] std::optional<std::strong_ordering> compare_numbers(const Value& a, const Value& b);

/// Texts byte by byte, numbers by their value (1 is 1.0), truth values, null. Lists and objects equal
/// nothing.
[[nodiscard]] bool same_scalar(const Value& a, const Value& b);

/// For people, printable, cut to about 100 bytes: `"text"`, `12`, `a list of 3 items`.
[[nodiscard]] std::string described(const Value& value);

/// A moment that a policy names: a fixed one, or one that moves with the clock.
struct Instant {
  std::string text;                ///< as written
  std::optional<Time> fixed = {};  ///< none: relative to now
  std::chrono::milliseconds from_now{0};

  /// `now`, `now-168h`, `now+15m` (s, m, h or d; at most 36500 days), or a time of RFC 3339 (lenient form).
  [[nodiscard]] static Result<Instant> parse(std::string_view text);
  [[nodiscard]] auto parts() const {
    const auto& [written, time, offset] = *this;
    return std::tuple(std::string_view(written), time.has_value(),
                      time ? time->time_since_epoch().count() : 0, offset.count());
  }
  [[nodiscard]] Time at(Time now) const { return fixed ? *fixed : now + from_now; }
};

}  // namespace tegata::policy
