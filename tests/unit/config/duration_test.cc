// SPDX-License-Identifier: Apache-2.0
#include "webhook/config/duration.h"

#include <gmock/gmock.h>

namespace tegata::webhook {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsWhatGoAndKubernetesWrite) {
  const std::vector<std::pair<std::string_view, milliseconds>> cases{
      {"0", milliseconds(0)},
      {"0s", milliseconds(0)},
      {"10s", milliseconds(10'000)},
      {"5m", milliseconds(300'000)},
      {"24h", milliseconds(86'400'000)},
      {"500ms", milliseconds(500)},
      {"1m30s", milliseconds(90'000)},
      {"1.5s", milliseconds(1500)},
      {"0.25h", milliseconds(900'000)},
      {"1500us", milliseconds(1)},
      {"999ns", milliseconds(0)},
      {"1h1m1s1ms", milliseconds(3'661'001)},
      {"10000h", milliseconds(36'000'000'000)},
  };
  for (const auto& [text, expected] : cases) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration.ok()) << text;
    EXPECT_EQ(*duration, expected) << text;
  }
}

TEST(Duration, RefusesEverythingElse) {
  for (const std::string_view text :
       {"",    "10",  "s",   "-1s",   "+1s",  "1 s", " 1s",  "1s ",       "1d",     "1w",
        "1S",  "1.s", ".5s", "1..5s", "1e3s", "1s1", "0x1s", "10000h1ns", "10001h", "9999999999999s",
        "1,5s"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration.ok()) << text;
    EXPECT_EQ(duration.error().code, ErrorCode::Malformed) << text;
  }
}

}  // namespace
}  // namespace tegata::webhook
