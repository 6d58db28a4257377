// SPDX-License-Identifier: Apache-2.0
#include "policy/model/rfc3339.h"

#include <algorithm>

#include "policy/model/ascii.h"

namespace tegata {
namespace {

using namespace std::chrono;

constexpr std::size_t kLongest = 64;  // bytes

/// Reads a text from its front. After the first error, everything is refused.
class Reader {
 public:
  Reader(std::string_view text, TimeForm form)
      : rest_(text), lenient_(form == TimeForm::Lenient), good_(text.size() <= kLongest) {}

  [[nodiscard]] bool lenient() const { return lenient_; }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool ended() const { return rest_.empty(); }
  [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  /// `upper`, or in the lenient form the same letter in lower case.
  [[nodiscard]] bool at_letter(char upper) const {
    return next() == upper || (lenient_ && next() == upper - 'A' + 'a');
  }

  void skip() { rest_.remove_prefix(1); }
  void expect(char c) {
    good_ = good_ && next() == c;
    if (good_) skip();
  }
  void expect_letter(char upper) {
    good_ = good_ && at_letter(upper);
    if (good_) skip();
  }
  /// Exactly `digits` digits, of a number in [low, high].
  int number(std::size_t digits, int low, int high) {
    good_ = good_ && rest_.size() >= digits && std::all_of(rest_.begin(), rest_.begin() + digits, is_digit);
    if (!good_) return low;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) value = value * 10 + (c - '0');
    rest_.remove_prefix(digits);
    good_ = value >= low && value <= high;
    return value;
  }
  /// As many digits as there are, at least one; in the strict form at most nine.
  std::string_view fraction() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto digits = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    good_ = good_ && !digits.empty() && (lenient_ || digits.size() <= 9);
    rest_.remove_prefix(digits.size());
    return digits;
  }

 private:
  std::string_view rest_;
  bool lenient_;
  bool good_;
};

milliseconds read_fraction(Reader& reader, Rounding rounding) {
  if (reader.next() != '.') return milliseconds{0};
  reader.expect('.');
  const auto digits = reader.fraction();
  int thousandths = 0;
  bool finer = false;
  for (std::size_t i = 0; i < std::max<std::size_t>(digits.size(), 3); ++i) {
    const int digit = i < digits.size() ? digits[i] - '0' : 0;
    if (i < 3)
      thousandths = thousandths * 10 + digit;
    else
      finer = finer || digit != 0;
  }
  return milliseconds{thousandths + (finer && rounding == Rounding::Up ? 1 : 0)};
}

minutes read_offset(Reader& reader) {
  if (reader.at_letter('Z')) {
    reader.skip();
    return minutes{0};
  }
  const int sign = reader.next() == '-' ? -1 : 1;
  reader.expect(sign < 0 ? '-' : '+');
  const int hour = reader.number(2, 0, 23);
  reader.expect(':');
  return minutes{sign * (hour * 60 + reader.number(2, 0, 59))};
}

}  // namespace

std::optional<Time> read_rfc3339(std::string_view text, TimeForm form, Rounding rounding) {
  Reader reader(text, form);
  const int y = reader.number(4, reader.lenient() ? 0 : 1, 9999);
  reader.expect('-');
  const int m = reader.number(2, 1, 12);
  reader.expect('-');
  const int d = reader.number(2, 1, 31);
  reader.expect_letter('T');
  const int hour = reader.number(2, 0, 23);
  reader.expect(':');
  const int minute = reader.number(2, 0, 59);
  reader.expect(':');
  const int second = reader.number(2, 0, reader.lenient() ? 60 : 59);
  const auto fraction = read_fraction(reader, rounding);
  const auto offset = read_offset(reader);
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!reader.good() || !reader.ended() || !date.ok()) return std::nullopt;
  return Time{sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second) + fraction -
              offset};
}

namespace {

/// The last `count` digits of a number.
void write_digits(std::string& text, std::size_t begin, std::size_t count, unsigned number) {
  for (auto at = begin + count; at-- > begin; number /= 10) text[at] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string rfc3339(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  const int year = static_cast<int>(date.year());
  std::string text = "0000-00-00T00:00:00.000Z";
  write_digits(text, 0, 4, static_cast<unsigned>(year));
  write_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  write_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  write_digits(text, 11, 2, static_cast<unsigned>(clock.hours().count()));
  write_digits(text, 14, 2, static_cast<unsigned>(clock.minutes().count()));
  write_digits(text, 17, 2, static_cast<unsigned>(clock.seconds().count()));
  write_digits(text, 20, 3, static_cast<unsigned>(clock.subseconds().count()));
  if (year < 0 || year > 9999) text.replace(0, 4, std::to_string(year));
  return text;
}

}  // namespace tegata
