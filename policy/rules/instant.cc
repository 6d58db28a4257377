// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/instant.h"

namespace tegata::policy {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::days kFarthest{36500};
constexpr std::size_t kLongest = 64;  // bytes of a time; enough for any fraction of a second

/// Reads from the front of a text; once something did not fit, nothing does.
class Digits {
 public:
  explicit Digits(std::string_view text) : left_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    return value;
  }
  bool take(char c) {
    const bool is_next = !left_.empty() && left_.front() == c;
    if (is_next) left_.remove_prefix(1);
    return is_next;
  }
  void need(char c) { failed_ |= !take(c); }
  /// The digits behind a decimal point, in milliseconds.
  int fraction() {
    int value = digit() * 100;
    for (int weight = 10; at_digit(); weight /= 10) value += digit() * weight;
    return value;
  }
  [[nodiscard]] bool ended() const { return !failed_ && left_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  /// Never true once failed, so that a loop over digits ends.
  [[nodiscard]] bool at_digit() const {
    return !failed_ && !left_.empty() && left_.front() >= '0' && left_.front() <= '9';
  }
  int digit() {
    failed_ |= !at_digit();
    if (failed_) return 0;
    const int value = left_.front() - '0';
    left_.remove_prefix(1);
    return value;
  }
  std::string_view left_;
  bool failed_ = false;
};

/// `Z`, `+09:00` or `-05:30`: how far local time is ahead; none where it is no such thing.
std::optional<std::chrono::minutes> read_zone(Digits& digits) {
  if (digits.take('Z') || digits.take('z')) return std::chrono::minutes(0);
  const bool behind = digits.take('-');
  if (!behind) digits.need('+');
  const int hours = digits.number(2);
  digits.need(':');
  const int minutes = digits.number(2);
  if (digits.failed() || hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::minutes((behind ? -1 : 1) * (hours * 60 + minutes));
}

std::optional<std::chrono::seconds> unit_of(char c) {
  if (c == 's') return std::chrono::seconds(1);
  if (c == 'm') return std::chrono::minutes(1);
  if (c == 'h') return std::chrono::hours(1);
  if (c == 'd') return std::chrono::days(1);
  return std::nullopt;
}

/// What stands behind `now`: nothing, or a sign, a number and a unit.
std::optional<milliseconds> read_offset(std::string_view text) {
  if (text.empty()) return milliseconds(0);
  const bool signed_ = text.front() == '+' || text.front() == '-';
  const auto unit = unit_of(text.back());
  if (!signed_ || !unit || text.size() < 3 || text.size() > 12) return std::nullopt;
  Digits digits(text.substr(1, text.size() - 2));
  std::int64_t count = 0;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) count = count * 10 + digits.number(1);
  if (!digits.ended() || count > kFarthest / *unit) return std::nullopt;
  return (text.front() == '-' ? -1 : 1) * count * milliseconds(*unit);
}

}  // namespace

std::optional<Time> read_time(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  Digits digits(text);
  const std::chrono::year year(digits.number(4));
  digits.need('-');
  const std::chrono::month month(static_cast<unsigned>(digits.number(2)));
  digits.need('-');
  const std::chrono::day day(static_cast<unsigned>(digits.number(2)));
  if (!digits.take('T')) digits.need('t');
  const int hour = digits.number(2);
  digits.need(':');
  const int minute = digits.number(2);
  digits.need(':');
  const int second = digits.number(2);
  const int fraction = digits.take('.') ? digits.fraction() : 0;
  const auto zone = read_zone(digits);
  const std::chrono::year_month_day date(year, month, day);
  if (!zone || !digits.ended() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + milliseconds(fraction) - *zone;
}

Result<Instant> Instant::parse(std::string_view text) {
  if (text.starts_with("now")) {
    if (const auto offset = read_offset(text.substr(3)))
      return Instant{std::string(text), std::nullopt, *offset};
  } else if (const auto time = read_time(text)) {
    return Instant{std::string(text), *time, milliseconds(0)};
  }
  return Error{ErrorCode::Malformed,
               "expected a time of RFC 3339 (2027-01-31T00:00:00Z), now, or now with a distance of at most "
               "36500 days (now-168h; s, m, h or d)"};
}

}  // namespace tegata::policy
