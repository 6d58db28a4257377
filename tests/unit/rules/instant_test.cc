// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/operands.h"

#include <gtest/gtest.h>

namespace tegata::policy {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

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
