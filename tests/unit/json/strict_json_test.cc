// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/strict_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tegata::verifier {
namespace {

using nlohmann::json;

ErrorCode code_of(std::string_view text) {
  const auto parsed = parse_strict_json(text);
  EXPECT_FALSE(parsed.ok()) << text;
  return parsed.ok() ? ErrorCode::Internal : parsed.error().code;
}
std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

TEST(StrictJson, ReadsWhatNlohmannReads) {
  for (const std::string text :
       {R"({"a":[1,-2,3.5,true,false,null,"x\u00e9"],"b":{"c":{}}})", "[]", "\"text\"", "7", " null ",
        "[[],[{}]]", R"({"a":{"x":1},"b":{"x":2},"c":[{"x":1},{"x":1}]})", R"({"":0})",
        "18446744073709551615"}) {
    const auto parsed = parse_strict_json(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(*parsed, json::parse(text));
  }
}

TEST(StrictJson, RefusesKeysThatStandTwice) {
  for (const std::string text : {R"({"a":1,"a":1})", R"({"x":{"a":1,"b":2,"a":3}})",
                                 R"([{"a":1},{"a":1,"a":2}])", R"({"a":1,"\u0061":2})", R"({"":1,"":2})"})
    EXPECT_EQ(code_of(text), ErrorCode::Malformed);
}

TEST(StrictJson, RefusesWhatIsNotOneJsonText) {
  using namespace std::string_literals;
  for (const std::string& text :
       {""s,         " "s,           "{"s,     "[1,]"s,     "{} {}"s,    "{}x"s,          "\xEF\xBB\xBF{}"s,
        "{}\0"s,     "{}\0garbage"s, "\0{}"s,  "\"a\0b\""s, "\"\xff\""s, "\"\xc0\xaf\""s, "\"\xed\xa0\x80\""s,
        "// x\n{}"s, "NaN"s,         "1e999"s, "{a:1}"s,    "'a'"s,      "01"s,           "\"\\ud800\""s,
        "[1 2]"s})
    EXPECT_EQ(code_of(text), ErrorCode::Malformed) << text;
}

TEST(StrictJson, DepthIsBoundedBeforeAnythingIsBuilt) {
  EXPECT_TRUE(parse_strict_json(nested(limits::kJsonDepth)).ok());
  EXPECT_EQ(code_of(nested(limits::kJsonDepth + 1)), ErrorCode::LimitExceeded);
  EXPECT_EQ(code_of(std::string(3'000'000, '[')), ErrorCode::LimitExceeded);
  EXPECT_TRUE(parse_strict_json("[[{}]]", 3).ok());
  EXPECT_FALSE(parse_strict_json("[[{}]]", 2).ok());
}

TEST(StrictJson, ValuesAreBounded) {
  std::string text = "[";
  for (std::size_t i = 1; i < limits::kJsonValues; ++i) text += i == 1 ? "0" : ",0";
  EXPECT_TRUE(parse_strict_json(text + "]").ok());
  EXPECT_EQ(code_of(text + ",0]"), ErrorCode::LimitExceeded);
  EXPECT_EQ(code_of(text + ",[]]"), ErrorCode::LimitExceeded);
}

TEST(JsonMembers, AreReadWithoutGuessing) {
  const json object = {{"text", "x"}, {"size", 7U}, {"null", nullptr}, {"negative", -1}, {"half", 0.5}};
  EXPECT_EQ(*string_member(object, "text"), "x");
  EXPECT_EQ(*string_member(object, "absent"), std::nullopt);
  EXPECT_EQ(*string_member(object, "null"), std::nullopt);
  EXPECT_FALSE(string_member(object, "size").ok());
  EXPECT_EQ(*size_member(object, "size"), 7U);
  for (const char* key : {"text", "negative", "half"}) EXPECT_FALSE(size_member(object, key).ok());
  EXPECT_TRUE(size_member(json{{"n", 9223372036854775807U}}, "n").ok());
  EXPECT_FALSE(size_member(json{{"n", 9223372036854775808U}}, "n").ok());
  EXPECT_EQ(member(json::array(), "x"), nullptr);
  EXPECT_EQ(*string_member(json("text"), "x"), std::nullopt);
}

}  // namespace
}  // namespace tegata::verifier
