// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/request_rates.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

const RequestRates::Clock::time_point kStart{std::chrono::hours(100)};

TEST(RequestRates, CountsEachHostWithinTheWindow) {
  RequestRates rates;
  for (std::size_t i = 0; i < limits::kOwnRateRequests; ++i) rates.count("a", kStart);
  rates.count("b", kStart);
  EXPECT_EQ(rates.sent("a", kStart), limits::kOwnRateRequests);
  EXPECT_EQ(rates.sent("b", kStart), 1U);
  EXPECT_EQ(rates.sent("c", kStart), 0U);
}

TEST(RequestRates, ForgetsWhatIsOlderThanTheWindow) {
  RequestRates rates;
  const auto step = std::chrono::seconds(1);
  rates.count("a", kStart);
  rates.count("a", kStart + step);
  EXPECT_EQ(rates.sent("a", kStart + limits::kOwnRateWindow - step), 2U);
  EXPECT_EQ(rates.sent("a", kStart + limits::kOwnRateWindow), 1U);
  EXPECT_EQ(rates.sent("a", kStart + limits::kOwnRateWindow + step), 0U);
  rates.count("a", kStart + limits::kOwnRateWindow + step);
  EXPECT_EQ(rates.sent("a", kStart + limits::kOwnRateWindow + step), 1U);
}

TEST(RequestRates, KeepsABoundedNumberOfHosts) {
  RequestRates rates;
  rates.count("first", kStart);
  for (std::size_t i = 0; i < limits::kRegistries - 1; ++i)
    rates.count(std::to_string(i), kStart + std::chrono::seconds(1));
  EXPECT_EQ(rates.sent("first", kStart + std::chrono::seconds(1)), 1U);
  rates.count("one more", kStart + std::chrono::seconds(1));
  EXPECT_EQ(rates.sent("first", kStart + std::chrono::seconds(1)), 0U);
  EXPECT_EQ(rates.sent("one more", kStart + std::chrono::seconds(1)), 1U);
}

}  // namespace
}  // namespace tegata::verifier
