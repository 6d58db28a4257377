// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/operands.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/unit/rules/values.h"

namespace tegata::policy {
namespace {

using namespace testing;

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();

TEST(CompareNumbers, LosesNoDigitBetweenIntegersAndFractions) {
  struct Case {
    Value a, b;
    int order;
  };
  const Case cases[] = {{whole(1), whole(2), -1},
                        {whole(1), fraction(1.0), 0},
                        {whole(1), fraction(1.5), -1},
                        {whole(-1), fraction(-1.5), 1},
                        {whole(9007199254740993), fraction(9007199254740992.0), 1},
                        {whole(kMost), fraction(9223372036854775808.0), -1},
                        {whole(kMost), fraction(9223372036854774784.0), 1},
                        {whole(kLeast), fraction(-9223372036854775808.0), 0},
                        {whole(kLeast), fraction(-9223372036854777856.0), 1},
                        {whole(0), fraction(1e300), -1},
                        {whole(0), fraction(-1e300), 1},
                        {fraction(0.5), fraction(0.25), 1}};
  for (const auto& c : cases) {
    const auto sign = [](std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; };
    EXPECT_EQ(sign(compare_numbers(c.a, c.b).value()), c.order) << described(c.a) << " " << described(c.b);
    EXPECT_EQ(sign(compare_numbers(c.b, c.a).value()), -c.order) << described(c.a) << " " << described(c.b);
  }
}

TEST(CompareNumbers, SaysNothingOfWhatIsNoNumber) {
  EXPECT_EQ(compare_numbers(text("1"), whole(1)), std::nullopt);
  EXPECT_EQ(compare_numbers(truth(true), whole(1)), std::nullopt);
  EXPECT_EQ(compare_numbers(fraction(std::numeric_limits<double>::quiet_NaN()), whole(1)), std::nullopt);
}

TEST(SameScalar, NeverMixesTypes) {
  EXPECT_TRUE(same_scalar(text("a"), text("a")));
  EXPECT_TRUE(same_scalar(whole(1), fraction(1)));
  EXPECT_TRUE(same_scalar(Value{}, Value{}));
  EXPECT_FALSE(same_scalar(text("1"), whole(1)));
  EXPECT_FALSE(same_scalar(truth(true), whole(1)));
  EXPECT_FALSE(same_scalar(text(""), Value{}));
  EXPECT_FALSE(same_scalar(list({}), list({})));
  EXPECT_FALSE(same_scalar(object({}), object({})));
}

TEST(Described, IsFitToPrintAndBounded) {
  EXPECT_EQ(described(text("a\nb")), "\"a\\nb\"");
  EXPECT_LE(described(text(std::string(100'000, 'x'))).size(), 110U);
  EXPECT_EQ(described(list({whole(1)})), "a list of 1 item");
  EXPECT_EQ(described(fraction(0.1)), "0.1");
}

}  // namespace
}  // namespace tegata::policy
