// SPDX-License-Identifier: Apache-2.0
#include "policy/rules/operands.h"

#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/unit/rules/values.h"

namespace tegata::policy {
namespace {

using namespace testing;

const Value kValue = object(
    {{"a", object({{"b c", list({text("zero"), object({{"d", text("deep")}})})}, {"q\"\\", text("odd")}})},
     {"@type", text("at")},
     {"null", Value{}}});

TEST(ValuePath, FindsWhatItNames) {
  const std::pair<const char*, const char*> cases[] = {{R"(a["b c"][0])", "zero"},
                                                       {R"(a["b c"][1].d)", "deep"},
                                                       {R"(["a"]["q\"\\"])", "odd"},
                                                       {"@type", "at"}};
  for (const auto& [path, found] : cases) {
    const auto* value = ValuePath::parse(path)->find(kValue);
    ASSERT_NE(value, nullptr) << path;
    EXPECT_EQ(std::get<std::string>(value->of), found) << path;
  }
  EXPECT_EQ(ValuePath::parse(".")->find(kValue), &kValue);
  EXPECT_NE(ValuePath::parse("null")->find(kValue), nullptr);
}

TEST(ValuePath, FindsNothingWhereThereIsNone) {
  for (const auto* path :
       {"b", "a.b", R"(a["b c"][2])", R"(a["b c"].d)", "a[0]", "null.x", R"(a["b c"][0].x)"})
    EXPECT_EQ(ValuePath::parse(path)->find(kValue), nullptr) << path;
}

TEST(ValuePath, SaysAtWhichByteItIsMalformed) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "expected a name at byte 1"},
      {".a", "expected a name at byte 1"},
      {"a.", "expected a name at byte 3"},
      {"a..b", "expected a name at byte 3"},
      {"a b", "expected '.' or '[' at byte 2"},
      {"a[", "expected an index or a key in double quotes at byte 3"},
      {"a[x]", "expected an index or a key in double quotes at byte 3"},
      {"a[0", "expected ']' at byte 4"},
      {"a[\"x]", "expected an index or a key in double quotes at byte 6"},
      {"a]", "expected '.' or '[' at byte 2"},
      {"a[1234567]", "expected ']' at byte 9"},
      {"a[0]b", "expected '.' or '[' at byte 5"}};
  for (const auto& [path, message] : cases) {
    const auto parsed = ValuePath::parse(path);
    ASSERT_FALSE(parsed.ok()) << path;
    EXPECT_EQ(parsed.error().message, message) << path;
  }
  EXPECT_FALSE(ValuePath::parse("a[-1]").ok());
  EXPECT_FALSE(ValuePath::parse("a[01]").ok());
}

TEST(ValuePath, IsBounded) {
  std::string deep = "a";
  for (std::size_t i = 1; i < limits::kJsonDepth; ++i) deep += ".a";
  EXPECT_TRUE(ValuePath::parse(deep).ok());
  EXPECT_EQ(ValuePath::parse(deep + ".a").error().code, ErrorCode::LimitExceeded);
  EXPECT_TRUE(ValuePath::parse(std::string(limits::kPolicyText, 'a')).ok());
  EXPECT_EQ(ValuePath::parse(std::string(limits::kPolicyText + 1, 'a')).error().code,
            ErrorCode::LimitExceeded);
}

}  // namespace
}  // namespace tegata::policy
