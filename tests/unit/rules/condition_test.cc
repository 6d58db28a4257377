// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/condition.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/unit/rules/values.h"

namespace tegata::policy {
namespace {

using namespace std::chrono_literals;
using namespace testing;

const Time kNow = when("2026-11-22T12:00:00Z");

const Value kPredicate =
    object({{"environment", text("production")},
            {"score", fraction(7.5)},
            {"count", whole(3)},
            {"passed", truth(true)},
            {"nothing", Value{}},
            {"expires", text("2026-11-22T13:00:00Z")},
            {"made", text("2026-11-22T11:00:00Z")},
            {"empty", list({})},
            {"results", list({object({{"tool", text("unit")}, {"failures", whole(0)}}),
                              object({{"tool", text("lint")}, {"failures", whole(2)}})})}});

template <typename Test>
Condition at(std::string_view path, Test test) {
  return {*ValuePath::parse(path), std::move(test)};
}
Condition equals(std::string_view path, Value value) { return at(path, Equals{std::move(value)}); }
Condition matches(std::string_view path, std::string pattern) {
  return at(path, Matches{pattern, *anchored_pattern(pattern)});
}
Condition number(std::string_view path, ComparesNumber::How how, Value bound) {
  return at(path, ComparesNumber{how, std::move(bound)});
}
Condition time(std::string_view path, ComparesTime::How how, std::string_view instant) {
  return at(path, ComparesTime{how, *Instant::parse(instant)});
}
Condition any(std::string_view path, std::vector<Condition> where) {
  return at(path, Quantifies{Quantifies::How::Any, std::move(where)});
}
Condition all(std::string_view path, std::vector<Condition> where) {
  return at(path, Quantifies{Quantifies::How::All, std::move(where)});
}
ConditionOutcome outcome(const Condition& condition, Time now = kNow) {
  return evaluate({condition}, kPredicate, now);
}
bool holds(const Condition& condition, Time now = kNow) { return !outcome(condition, now).mismatch; }

using Number = ComparesNumber::How;
using When = ComparesTime::How;

TEST(Conditions, HoldAndDoNotHold) {
  const std::pair<Condition, bool> cases[] = {
      {equals("environment", text("production")), true},
      {equals("environment", text("Production")), false},
      {equals("environment", whole(1)), false},
      {equals("count", fraction(3)), true},
      {equals("passed", truth(true)), true},
      {equals("passed", text("true")), false},
      {equals("absent", text("x")), false},
      {equals("environment.deeper", text("x")), false},
      {equals("results", text("x")), false},
      {at("environment", OneOf{{text("staging"), text("production")}}), true},
      {at("environment", OneOf{{text("staging")}}), false},
      {at("absent", OneOf{{text("staging")}}), false},
      {matches("environment", "prod.*"), true},
      {matches("environment", "prod"), false},
      {matches("count", ".*"), false},
      {matches("absent", ".*"), false},
      {at("nothing", Exists{true}), true},
      {at("nothing", Exists{false}), false},
      {at("absent", Exists{true}), false},
      {at("absent", Exists{false}), true},
      {number("score", Number::LessThan, whole(8)), true},
      {number("score", Number::LessThan, fraction(7.5)), false},
      {number("score", Number::AtMost, fraction(7.5)), true},
      {number("score", Number::AtMost, whole(7)), false},
      {number("count", Number::GreaterThan, whole(2)), true},
      {number("count", Number::GreaterThan, whole(3)), false},
      {number("count", Number::AtLeast, whole(3)), true},
      {number("count", Number::AtLeast, whole(4)), false},
      {number("environment", Number::AtLeast, whole(0)), false},
      {number("absent", Number::AtLeast, whole(0)), false},
      {number("nothing", Number::AtMost, whole(0)), false},
      {time("expires", When::After, "now"), true},
      {time("made", When::After, "now"), false},
      {time("made", When::Before, "now"), true},
      {time("expires", When::Before, "now"), false},
      {time("made", When::NotBefore, "now-1h"), true},
      {time("made", When::NotBefore, "now-59m"), false},
      {time("made", When::NotAfter, "2026-11-22T11:00:00Z"), true},
      {time("made", When::NotAfter, "2026-11-22T10:59:59Z"), false},
      {time("environment", When::After, "2000-01-01T00:00:00Z"), false},
      {time("absent", When::Before, "now"), false},
      {any("results", {equals("tool", text("lint"))}), true},
      {any("results", {equals("tool", text("lint")), equals("failures", whole(0))}), false},
      {all("results", {at("failures", Exists{true})}), true},
      {all("results", {equals("failures", whole(0))}), false},
      {any("empty", {at(".", Exists{true})}), false},
      {all("empty", {at(".", Exists{false})}), true},
      {all("absent", {at(".", Exists{true})}), false},
      {any("environment", {at(".", Exists{true})}), false},
      {all("environment", {at(".", Exists{true})}), false}};
  int line = 0;
  for (const auto& [condition, expected] : cases) EXPECT_EQ(holds(condition), expected) << "case " << line++;
}

TEST(Conditions, AllMustHoldAndTheFirstThatDoesNotIsTold) {
  const auto result =
      evaluate({equals("count", whole(3)), equals("environment", text("test")), equals("absent", whole(1))},
               kPredicate, kNow);
  EXPECT_EQ(result.mismatch, "environment: expected \"test\", found \"production\"");
  EXPECT_EQ(evaluate({}, kPredicate, kNow).mismatch, std::nullopt);
}

TEST(Conditions, SayPathExpectedAndFound) {
  EXPECT_EQ(outcome(equals("absent", whole(1))).mismatch, "absent: expected 1, found nothing");
  EXPECT_EQ(outcome(number("environment", Number::AtMost, whole(1))).mismatch,
            "environment: expected a number of at most 1, found \"production\"");
  EXPECT_EQ(outcome(time("made", When::NotBefore, "now-30m")).mismatch,
            "made: expected a time not before now-30m, found \"2026-11-22T11:00:00Z\"");
  EXPECT_EQ(outcome(all("results", {equals("failures", whole(0))})).mismatch,
            "results[1]: failures: expected 0, found 2");
  EXPECT_EQ(outcome(any("results", {equals("tool", text("x"))})).mismatch,
            "results: none of 2 items meets the conditions; the first: tool: expected \"x\", found \"unit\"");
  EXPECT_EQ(outcome(any("environment", {})).mismatch, "environment: expected a list, found \"production\"");
  EXPECT_EQ(outcome(at("environment", Exists{false})).mismatch,
            "environment: expected nothing, found \"production\"");
}

TEST(Conditions, QuoteHugeAndUnprintableValuesWithinBounds) {
  const auto huge = object({{"x", text(std::string(1'000'000, '\x1b'))}});
  const auto mismatch = evaluate({equals("x", text("y"))}, huge, kNow).mismatch.value();
  EXPECT_LT(mismatch.size(), 200U);
  EXPECT_EQ(mismatch.find('\x1b'), std::string::npos);
}

/// The first moment after kNow at which a condition no longer holds, found by asking.
void expect_until(const Condition& condition, Time until) {
  EXPECT_EQ(outcome(condition).until, until);
  EXPECT_TRUE(holds(condition, until - 1ms));
  EXPECT_FALSE(holds(condition, until));
}

TEST(Conditions, SayUntilWhenTheyHold) {
  const auto expires = when("2026-11-22T13:00:00Z");
  expect_until(time("expires", When::After, "now"), expires);
  expect_until(time("expires", When::NotBefore, "now"), expires + 1ms);
  expect_until(time("made", When::NotBefore, "now-2h"), expires + 1ms);
  expect_until(time("expires", When::After, "now+15m"), expires - 15min);
  EXPECT_EQ(outcome(time("made", When::Before, "now")).until, std::nullopt);
  EXPECT_EQ(outcome(time("made", When::NotAfter, "now")).until, std::nullopt);
  EXPECT_EQ(outcome(time("expires", When::After, "2026-01-01T00:00:00Z")).until, std::nullopt);
  EXPECT_EQ(outcome(equals("count", whole(3))).until, std::nullopt);
}

TEST(Conditions, TogetherHoldUntilTheFirstEndsAndAnyUntilTheLast) {
  const auto item = [](const char* expires) { return object({{"expires", text(expires)}}); };
  const auto approvals = object({{"a", list({item("2026-11-22T13:00:00Z"), item("2026-11-22T15:00:00Z"),
                                             item("2026-11-22T11:00:00Z")})},
                                 {"b", text("2026-11-22T14:00:00Z")}});
  const auto alive = time("expires", When::After, "now");
  EXPECT_EQ(evaluate({any("a", {alive})}, approvals, kNow).until, when("2026-11-22T15:00:00Z"));
  EXPECT_EQ(evaluate({any("a", {alive}), time("b", When::After, "now")}, approvals, kNow).until,
            when("2026-11-22T14:00:00Z"));
  EXPECT_EQ(evaluate({all("a", {alive})}, approvals, kNow - 2h).until, when("2026-11-22T11:00:00Z"));
  const auto ever = any("a", {at("expires", Exists{true})});
  EXPECT_EQ(evaluate({ever}, approvals, kNow).until, std::nullopt);
}

TEST(Conditions, AskTheClockOnlyWhereTheyNameIt) {
  EXPECT_TRUE(asks_now({all("a", {time("b", When::After, "now")})}));
  EXPECT_FALSE(asks_now({all("a", {time("b", When::After, "2026-01-01T00:00:00Z")}), equals("c", whole(1))}));
}

TEST(Conditions, HaveEqualTextsOnlyWhereTheyAskTheSame) {
  std::set<std::string> texts;
  const std::vector<Condition> all_of[] = {{},
                                           {equals("a", text("b"))},
                                           {equals("a", text("1"))},
                                           {equals("a", whole(1))},
                                           {equals("a", truth(true))},
                                           {at("a", OneOf{{text("b")}})},
                                           {at("a", OneOf{{text("b"), text("c")}})},
                                           {at("a", OneOf{{text("bc")}})},
                                           {matches("a", "b")},
                                           {at("a", Exists{true})},
                                           {at("a", Exists{false})},
                                           {number("a", Number::AtMost, whole(1))},
                                           {number("a", Number::LessThan, whole(1))},
                                           {time("a", When::After, "now")},
                                           {time("a", When::After, "now-1h")},
                                           {any("a", {equals("b", whole(1))})},
                                           {all("a", {equals("b", whole(1))})},
                                           {all("a", {}), equals("b", whole(1))}};
  for (const auto& conditions : all_of)
    EXPECT_TRUE(texts.insert(SettingsIdentity::of(conditions)).second) << SettingsIdentity::of(conditions);
}

TEST(Conditions, TakeTimeInProportionToThePredicate) {
  Value::Array items(200'000, object({{"x", whole(1)}}));
  const auto large = object({{"items", list(std::move(items))}});
  EXPECT_FALSE(
      evaluate({all("items", {equals("x", whole(1))}), any("items", {equals("x", whole(1))})}, large, kNow)
          .mismatch);
}

}  // namespace
}  // namespace tegata::policy
