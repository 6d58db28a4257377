// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/model/predicate.h"
#include "policy/model/result.h"

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

}  // namespace tegata::policy
