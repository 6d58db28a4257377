// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/operands.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "policy/model/limits.h"
#include "policy/model/printable.h"
#include "policy/model/rfc3339.h"

namespace tegata::policy {
namespace {

constexpr std::size_t kIndexDigits = 6;
constexpr std::size_t kSteps = limits::kJsonDepth;

bool is_name_character(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '.' && c != '[' && c != ']' && c != '"';
}

/// Takes a path apart, from its first byte to its last.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] bool at_bracket() const { return !done() && text_[at_] == '['; }
  /// Passes over that character if it is the next.
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::optional<std::string> name() {
    const auto start = at_;
    while (!done() && is_name_character(text_[at_])) ++at_;
    if (at_ == start) return std::nullopt;
    return std::string(text_.substr(start, at_ - start));
  }
  std::optional<std::size_t> index() {
    const auto start = at_;
    std::size_t number = 0;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - start < kIndexDigits)
      number = number * 10 + static_cast<std::size_t>(text_[at_++] - '0');
    const bool leading_zero = at_ - start > 1 && text_[start] == '0';
    if (at_ == start || leading_zero) return std::nullopt;
    return number;
  }
  std::optional<std::string> quoted_name() {
    std::string name;
    if (!take('"')) return std::nullopt;
    while (!done() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      name += text_[at_++];
    }
    if (!take('"')) return std::nullopt;
    return name;
  }
  [[nodiscard]] Error expected(std::string_view what) const {
    return {ErrorCode::Malformed, "expected " + std::string(what) + " at byte " + std::to_string(at_ + 1)};
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

using PathStep = std::variant<std::string, std::size_t>;

Result<PathStep> bracketed(PathReader& reader) {
  reader.take('[');
  std::optional<PathStep> step;
  if (auto name = reader.quoted_name())
    step = *std::move(name);
  else if (const auto index = reader.index())
    step = *index;
  if (!step) return reader.expected("an index or a key in double quotes");
  if (!reader.take(']')) return reader.expected("']'");
  return *std::move(step);
}

Result<PathStep> next_step(PathReader& reader, bool first) {
  if (reader.at_bracket()) return bracketed(reader);
  if (!first && !reader.take('.')) return reader.expected("'.' or '['");
  auto name = reader.name();
  if (!name) return reader.expected("a name");
  return PathStep(*std::move(name));
}

}  // namespace

Result<ValuePath> ValuePath::parse(std::string_view text) {
  if (text.size() > limits::kPolicyText)
    return Error{ErrorCode::LimitExceeded,
                 "a path has at most " + std::to_string(limits::kPolicyText) + " bytes"};
  ValuePath path;
  path.text_ = text;
  if (text == ".") return path;
  PathReader reader(text);
  do {
    TEGATA_TRY(auto step, next_step(reader, path.steps_.empty()));
    path.steps_.push_back(std::move(step));
    if (path.steps_.size() > kSteps)
      return Error{ErrorCode::LimitExceeded, "a path has at most " + std::to_string(kSteps) + " steps"};
  } while (!reader.done());
  return path;
}

const Value* ValuePath::find(const Value& value) const noexcept {
  const Value* at = &value;
  for (const auto& step : steps_) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      const auto* object = std::get_if<Value::Object>(&at->of);
      if (object == nullptr) return nullptr;
      const auto member = object->find(*name);
      if (member == object->end()) return nullptr;
      at = &member->second;
    } else {
      const auto* array = std::get_if<Value::Array>(&at->of);
      const auto index = *std::get_if<std::size_t>(&step);
      if (array == nullptr || index >= array->size()) return nullptr;
      at = &(*array)[index];
    }
  }
  return at;
}

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

namespace {

using std::chrono::milliseconds;

constexpr std::chrono::days kFarthest{36500};

std::optional<std::chrono::seconds> unit_of(char c) {
  if (c == 's') return std::chrono::seconds(1);
  if (c == 'm') return std::chrono::minutes(1);
  if (c == 'h') return std::chrono::hours(1);
  if (c == 'd') return std::chrono::days(1);
  return std::nullopt;
}

/// What follows `now`: nothing, or a sign, a number and a unit.
std::optional<milliseconds> read_offset(std::string_view text) {
  if (text.empty()) return milliseconds(0);
  const bool signed_ = text.front() == '+' || text.front() == '-';
  const auto unit = unit_of(text.back());
  if (!signed_ || !unit || text.size() < 3 || text.size() > 12) return std::nullopt;
  std::uint64_t count = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + 1, last, count);
  if (error != std::errc() || end != last || count > static_cast<std::uint64_t>(kFarthest / *unit))
    return std::nullopt;
  return (text.front() == '-' ? -1 : 1) * static_cast<std::int64_t>(count) * milliseconds(*unit);
}

}  // namespace

Result<Instant> Instant::parse(std::string_view text) {
  if (text.starts_with("now")) {
    if (const auto offset = read_offset(text.substr(3)))
      return Instant{std::string(text), std::nullopt, *offset};
  } else if (const auto time = read_rfc3339(text, TimeForm::Lenient)) {
    return Instant{std::string(text), *time, milliseconds(0)};
  }
  return Error{ErrorCode::Malformed,
               "expected a time of RFC 3339 (2027-01-31T00:00:00Z), now, or now with a distance of at most "
               "36500 days (now-168h; s, m, h or d)"};
}

}  // namespace tegata::policy
