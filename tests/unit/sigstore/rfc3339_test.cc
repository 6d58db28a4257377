// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/rfc3339.h"

#include <gtest/gtest.h>

#include <string>

namespace tegata::verifier {
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
  for (const auto& row : rows) EXPECT_EQ(parse_rfc3339(row.text, Rounding::Down), row.time) << row.text;
}

TEST(Rfc3339, RoundsWhatIsFinerThanAMillisecondIntoTheInterval) {
  const auto exact = at(2026, 1, 1, 1ms);
  EXPECT_EQ(parse_rfc3339("2026-01-01T00:00:00.001000Z", Rounding::Up), exact);
  EXPECT_EQ(parse_rfc3339("2026-01-01T00:00:00.001000001Z", Rounding::Down), exact);
  EXPECT_EQ(parse_rfc3339("2026-01-01T00:00:00.001000001Z", Rounding::Up), exact + 1ms);
  EXPECT_EQ(parse_rfc3339("2025-12-31T23:59:59.999999999Z", Rounding::Up), at(2026, 1, 1, 0ms));
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
    EXPECT_EQ(parse_rfc3339(text, Rounding::Down), std::nullopt) << text;
  EXPECT_EQ(parse_rfc3339(std::string("2026-11-22T13:07:22Z\0", 21), Rounding::Down), std::nullopt);
}

}  // namespace
}  // namespace tegata::verifier
