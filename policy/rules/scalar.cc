// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/scalar.h"

#include <array>
#include <charconv>
#include <cmath>

#include "policy/model/printable.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kShownScalar = 100;
constexpr double kTwoTo63 = 9223372036854775808.0;

template <typename T>
std::strong_ordering ordered(T a, T b) {
  return a < b   ? std::strong_ordering::less
         : b < a ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

std::strong_ordering reversed(std::strong_ordering order) { return 0 <=> order; }

/// An integer converted to a double may become its neighbour, so the double is cut instead.
std::strong_ordering compare(std::int64_t whole, double fraction) {
  if (fraction >= kTwoTo63) return std::strong_ordering::less;
  if (fraction < -kTwoTo63) return std::strong_ordering::greater;
  const double cut = std::trunc(fraction);
  const auto order = ordered(whole, static_cast<std::int64_t>(cut));
  return order != 0 ? order : ordered(cut, fraction);
}

std::string text_of(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), end.ptr};
}

std::string items(std::size_t count, std::string_view what) {
  return std::string(what) + " of " + std::to_string(count) + (count == 1 ? " item" : " items");
}

}  // namespace

std::optional<std::strong_ordering> compare_numbers(const Value& a, const Value& b) {
  const auto* whole_a = std::get_if<std::int64_t>(&a.of);
  const auto* whole_b = std::get_if<std::int64_t>(&b.of);
  const auto* fraction_a = std::get_if<double>(&a.of);
  const auto* fraction_b = std::get_if<double>(&b.of);
  // JSON has no NaN; NaN never matches.
  if ((fraction_a != nullptr && std::isnan(*fraction_a)) ||
      (fraction_b != nullptr && std::isnan(*fraction_b)))
    return std::nullopt;
  if (whole_a != nullptr && whole_b != nullptr) return ordered(*whole_a, *whole_b);
  if (fraction_a != nullptr && fraction_b != nullptr) return ordered(*fraction_a, *fraction_b);
  if (whole_a != nullptr && fraction_b != nullptr) return compare(*whole_a, *fraction_b);
  if (fraction_a != nullptr && whole_b != nullptr) return reversed(compare(*whole_b, *fraction_a));
  return std::nullopt;
}

bool same_scalar(const Value& a, const Value& b) {
  if (const auto order = compare_numbers(a, b)) return *order == 0;
  if (a.of.index() != b.of.index()) return false;
  if (const auto* text = std::get_if<std::string>(&a.of)) return *text == *std::get_if<std::string>(&b.of);
  if (const auto* truth = std::get_if<bool>(&a.of)) return *truth == *std::get_if<bool>(&b.of);
  return std::holds_alternative<std::nullptr_t>(a.of);
}

std::string described(const Value& value) {
  struct {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return text_of(number); }
    std::string operator()(const std::string& text) const { return quoted(text, kShownScalar); }
    std::string operator()(const Value::Array& array) const { return items(array.size(), "a list"); }
    std::string operator()(const Value::Object&) const { return "an object"; }
  } words;
  return std::visit(words, value.of);
}

}  // namespace tegata::policy
