// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/instant.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tegata::policy {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

TEST(ReadTime, ReadsTheTimesOfRfc3339) {
  const std::pair<const char*, Time> cases[] = {
      {"2026-11-22T12:00:00Z", kNow},
      {"2026-11-22t12:00:00z", kNow},
      {"2026-11-22T21:00:00+09:00", kNow},
      {"2026-11-22T06:30:00-05:30", kNow},
      {"2026-11-22T12:00:00.25Z", kNow + 250ms},
      {"2026-11-22T12:00:00.123456789Z", kNow + 123ms},
      {"2026-11-22T11:59:60Z", kNow},
      {"2026-11-21T24:00:00Z", Time{}},
      {"2024-02-29T00:00:00Z", std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)}};
  for (const auto& [text, time] : cases)
    if (time != Time{})
      EXPECT_EQ(read_time(text), time) << text;
    else
      EXPECT_EQ(read_time(text), std::nullopt) << text;
}

TEST(ReadTime, ReadsNothingElse) {
  for (const auto* text :
       {"", "2026-11-22", "2026-11-22 12:00:00Z", "2026-11-22T12:00Z", "2026-11-22T12:00:00",
        "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-22T12:60:00Z", "2026-11-22T12:00:61Z",
        "2026-11-22T12:00:00.Z", "2026-11-22T12:00:00+0900", "2026-11-22T12:00:00+24:00",
        "2026-11-22T12:00:00Zx", " 2026-11-22T12:00:00Z", "+2026-11-22T12:00:00Z", "now", "1795318347"})
    EXPECT_EQ(read_time(text), std::nullopt) << text;
  EXPECT_NE(read_time("2026-11-22T12:00:00." + std::string(43, '0') + "Z"), std::nullopt);
  EXPECT_EQ(read_time("2026-11-22T12:00:00." + std::string(44, '0') + "Z"), std::nullopt);
}

TEST(ReadTime, ComesToAnEndForEveryTextThatIsCutOrChangedInOnePlace) {
  const std::string good = "2026-11-22T12:00:00.25+09:00";
  for (std::size_t i = 0; i <= good.size(); ++i) {
    (void)read_time(good.substr(0, i));
    (void)read_time(good.substr(i));
    for (const char c : {'.', '0', 'x', '-', ':', 'Z'}) {
      auto changed = good;
      changed.replace(std::min(i, good.size() - 1), 1, 1, c);
      (void)read_time(changed);
    }
  }
  EXPECT_EQ(read_time("1.5"), std::nullopt);
  EXPECT_EQ(read_time(".5"), std::nullopt);
}

TEST(Instant, MovesWithTheClockOnlyWhereItSaysSo) {
  EXPECT_EQ(Instant::parse("now")->at(kNow), kNow);
  EXPECT_EQ(Instant::parse("now-168h")->at(kNow), kNow - 168h);
  EXPECT_EQ(Instant::parse("now+15m")->at(kNow), kNow + 15min);
  EXPECT_EQ(Instant::parse("now-30s")->at(kNow), kNow - 30s);
  EXPECT_EQ(Instant::parse("now-7d")->at(kNow), kNow - 168h);
  EXPECT_EQ(Instant::parse("2026-11-22T12:00:00Z")->at(kNow + 5h), kNow);
}

TEST(Instant, RefusesOtherWordsAndDistancesBeyondACentury) {
  for (const auto* text : {"", "Now", "now ", "now-", "now-h", "now-1", "now-1w", "now1h", "now--1h",
                           "now-1.5h", "now-1h30m", "yesterday", "2026-11-22"})
    EXPECT_FALSE(Instant::parse(text).ok()) << text;
  EXPECT_TRUE(Instant::parse("now-36500d").ok());
  EXPECT_FALSE(Instant::parse("now-36501d").ok());
  EXPECT_TRUE(Instant::parse("now-876000h").ok());
  EXPECT_FALSE(Instant::parse("now-876001h").ok());
  EXPECT_FALSE(Instant::parse("now-99999999999999999999s").ok());
}

}  // namespace
}  // namespace tegata::policy
