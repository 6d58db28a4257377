// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/http_message.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"

namespace tegata::webhook::http {
namespace {

using namespace std::chrono_literals;

TEST(CallerTimeout, ReadsTheParameterAndBoundsIt) {
  const std::vector<std::pair<std::string, std::chrono::milliseconds>> cases{
      {"10s", 10s},  {"2s", 2s},     {"500ms", 500ms}, {"1.5s", 1500ms},
      {"30s", 30s},  {"1m30s", 30s}, {"31s", 30s},     {"24h", 30s},
      {"", 10s},     {"0s", 10s},    {"0", 10s},       {"-2s", 10s},
      {"soon", 10s}, {"10", 10s},    {"10s ", 10s},    {"99999999999999999999h", 10s},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(
        caller_timeout({.path = "/validate", .parameters = {{"timeout", text}}, .body = "", .arrived = {}}),
        expected)
        << text;
  EXPECT_EQ(caller_timeout({.path = "/validate", .parameters = {}, .body = "", .arrived = {}}), 10s);
}

TEST(CallerTimeout, LeavesTimeForTheAnswer) {
  const auto arrived = Deadline::Clock::now();
  EXPECT_EQ(answer_deadline(arrived, 2s).time(), arrived + 1700ms);
  EXPECT_EQ(answer_deadline(arrived, 10s).time(), arrived + 9700ms);
  EXPECT_EQ(answer_deadline(arrived, 600ms).time(), arrived + 300ms);
  EXPECT_EQ(answer_deadline(arrived, 100ms).time(), arrived + 50ms);
}

}  // namespace
}  // namespace tegata::webhook::http
