// SPDX-License-Identifier: Apache-2.0
#include "policy/model/rfc3339.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace tegata {
namespace {

using namespace std::chrono;

Time at(int y, unsigned m, unsigned d, milliseconds of_day) {
  return Time{sys_days(year{y} / month{m} / day{d}).time_since_epoch() + of_day};
}

TEST(Rfc3339, ReadsEveryFormThatProtobufWrites) {
  struct Row {
    std::string text;
    Time time;
  };
  const Row rows[] = {
      {"2026-11-22T13:07:22Z", at(2026, 11, 22, 13h + 7min + 22s)},
      {"2026-11-22T13:07:22.000Z", at(2026, 11, 22, 13h + 7min + 22s)},
      {"2026-11-22T13:07:22.5Z", at(2026, 11, 22, 13h + 7min + 22s + 500ms)},
      {"2026-11-22T13:07:22.123456000Z", at(2026, 11, 22, 13h + 7min + 22s + 123ms)},
      {"2026-11-22T13:07:22+02:00", at(2026, 11, 22, 11h + 7min + 22s)},
      {"2026-11-22T23:07:22-01:30", at(2026, 11, 23, 37min + 22s)},
      {"2024-02-29T00:00:00Z", at(2024, 2, 29, 0h)},
      {"0001-01-01T00:00:00Z", at(1, 1, 1, 0h)},
      {"9999-12-31T23:59:59.999999999Z", at(9999, 12, 31, 23h + 59min + 59s + 999ms)},
  };
  for (const auto& row : rows)
    EXPECT_EQ(read_rfc3339(row.text, TimeForm::Strict, Rounding::Down), row.time) << row.text;
}

TEST(Rfc3339, RoundsWhatIsFinerThanAMillisecondIntoTheInterval) {
  const auto exact = at(2026, 1, 1, 1ms);
  EXPECT_EQ(read_rfc3339("2026-01-01T00:00:00.001000Z", TimeForm::Strict, Rounding::Up), exact);
  EXPECT_EQ(read_rfc3339("2026-01-01T00:00:00.001000001Z", TimeForm::Strict, Rounding::Down), exact);
  EXPECT_EQ(read_rfc3339("2026-01-01T00:00:00.001000001Z", TimeForm::Strict, Rounding::Up), exact + 1ms);
  EXPECT_EQ(read_rfc3339("2025-12-31T23:59:59.999999999Z", TimeForm::Strict, Rounding::Up),
            at(2026, 1, 1, 0ms));
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const std::string text : {"",
                                 "2026",
                                 "2026-11-22",
                                 "2026-11-22T13:07:22",
                                 "2026-11-22 13:07:22Z",
                                 "2026-11-22t13:07:22Z",
                                 "2026-11-22T13:07:22z",
                                 "2026-13-22T13:07:22Z",
                                 "2026-00-22T13:07:22Z",
                                 "2026-11-31T13:07:22Z",
                                 "2025-02-29T00:00:00Z",
                                 "2026-11-22T24:00:00Z",
                                 "2026-11-22T13:60:00Z",
                                 "2026-11-22T13:07:60Z",
                                 "2026-11-22T13:07:22.Z",
                                 "2026-11-22T13:07:22.1234567890Z",
                                 "2026-11-22T13:07:22+24:00",
                                 "2026-11-22T13:07:22+2:00",
                                 "2026-11-22T13:07:22Zx",
                                 " 2026-11-22T13:07:22Z",
                                 "0000-01-01T00:00:00Z",
                                 "2026-11-22T13:07:22,5Z",
                                 "-026-11-22T13:07:22Z",
                                 "2026-11-22T13:07"})
    EXPECT_EQ(read_rfc3339(text, TimeForm::Strict, Rounding::Down), std::nullopt) << text;
  EXPECT_EQ(read_rfc3339(std::string("2026-11-22T13:07:22Z\0", 21), TimeForm::Strict, Rounding::Down),
            std::nullopt);
}

std::optional<Time> lenient(std::string_view text) { return read_rfc3339(text, TimeForm::Lenient); }

const Time kNow = at(2026, 11, 22, 12h);

TEST(Rfc3339, ReadsLenientlyWhatTheRfcAllows) {
  const std::pair<const char*, Time> cases[] = {{"2026-11-22T12:00:00Z", kNow},
                                                {"2026-11-22t12:00:00z", kNow},
                                                {"2026-11-22T21:00:00+09:00", kNow},
                                                {"2026-11-22T06:30:00-05:30", kNow},
                                                {"2026-11-22T12:00:00.25Z", kNow + 250ms},
                                                {"2026-11-22T12:00:00.123456789Z", kNow + 123ms},
                                                {"2026-11-22T11:59:60Z", kNow},
                                                {"2026-11-21T24:00:00Z", Time{}},
                                                {"2024-02-29T00:00:00Z", at(2024, 2, 29, 0h)}};
  for (const auto& [text, time] : cases)
    if (time != Time{})
      EXPECT_EQ(lenient(text), time) << text;
    else
      EXPECT_EQ(lenient(text), std::nullopt) << text;
}

TEST(Rfc3339, ReadsNothingElseLeniently) {
  for (const auto* text :
       {"", "2026-11-22", "2026-11-22 12:00:00Z", "2026-11-22T12:00Z", "2026-11-22T12:00:00",
        "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-22T12:60:00Z", "2026-11-22T12:00:61Z",
        "2026-11-22T12:00:00.Z", "2026-11-22T12:00:00+0900", "2026-11-22T12:00:00+24:00",
        "2026-11-22T12:00:00Zx", " 2026-11-22T12:00:00Z", "+2026-11-22T12:00:00Z", "now", "1795318347"})
    EXPECT_EQ(lenient(text), std::nullopt) << text;
  EXPECT_NE(lenient("2026-11-22T12:00:00." + std::string(43, '0') + "Z"), std::nullopt);
  EXPECT_EQ(lenient("2026-11-22T12:00:00." + std::string(44, '0') + "Z"), std::nullopt);
}

TEST(Rfc3339, ComesToAnEndForEveryTextThatIsCutOrChangedInOnePlace) {
  const std::string good = "2026-11-22T12:00:00.25+09:00";
  for (std::size_t i = 0; i <= good.size(); ++i) {
    (void)lenient(good.substr(0, i));
    (void)lenient(good.substr(i));
    for (const char c : {'.', '0', 'x', '-', ':', 'Z'}) {
      auto changed = good;
      changed.replace(std::min(i, good.size() - 1), 1, 1, c);
      (void)lenient(changed);
    }
  }
  EXPECT_EQ(lenient("1.5"), std::nullopt);
  EXPECT_EQ(lenient(".5"), std::nullopt);
}

TEST(Rfc3339, IsWrittenWithMilliseconds) {
  EXPECT_EQ(rfc3339(kNow + 7ms), "2026-11-22T12:00:00.007Z");
  EXPECT_EQ(lenient(rfc3339(kNow + 7ms)), kNow + 7ms);
}

}  // namespace
}  // namespace tegata
