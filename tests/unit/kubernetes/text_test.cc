// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/model/limits.h"
#include "webhook/kubernetes/json.h"
#include "webhook/kubernetes/text.h"
#include "webhook/kubernetes/value_class.h"

namespace tegata::webhook::kubernetes {
namespace {

TEST(OneLine, ReplacesWhatATerminalWouldObey) {
  EXPECT_EQ(one_line("a\nb\tc\rd", 99), "a b c d");
  EXPECT_EQ(one_line("a\x1b[31mb", 99), "a\xEF\xBF\xBD[31mb");
  EXPECT_EQ(one_line("a\xE2\x80\xAE"
                     "b",
                     99),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(one_line("手形 é \xF0\x9F\x98\x80", 99), "手形 é \xF0\x9F\x98\x80");
}

TEST(OneLine, ReplacesEachByteThatIsNotUtf8) {
  for (const std::string bad :
       {"\xFF", "\xC3", "\xC0", "\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80"}) {
    EXPECT_FALSE(is_plain(bad));
    EXPECT_TRUE(is_plain(one_line(bad, 99)));
    EXPECT_EQ(rune_count(one_line(bad, 99)), bad.size());
  }
}

TEST(IsPlain, OfEveryByte) {
  for (int byte = 0; byte < 128; ++byte)
    EXPECT_EQ(is_plain(std::string("ab") + static_cast<char>(byte)), byte >= 0x20 && byte != 0x7F) << byte;
  EXPECT_TRUE(is_plain(""));
}

TEST(OneLine, CutsAtTheBoundAndNotBefore) {
  EXPECT_EQ(one_line("手形手", 3), "手形手");
  EXPECT_EQ(one_line("手形手形", 3), "手形…");
  EXPECT_EQ(one_line("ab", 1), "…");
  EXPECT_EQ(one_line("a", 0), "");
  EXPECT_EQ(rune_count(one_line(std::string(1000, 'x'), 10)), 10U);
}

TEST(ValueClass, IsToldFromTheForm) {
  const std::string pem =
      "-----BEGIN EC PRIVATE "
      "KEY-----\nMHcC\n";
  for (const auto& [value, expected] : std::vector<std::pair<std::string, ValueClass>>{
           {"", ValueClass::Empty},
           {"42", ValueClass::Number},
           {"-1.5", ValueClass::Number},
           {"1.2.3", ValueClass::Text},
           {".", ValueClass::Text},
           {"true", ValueClass::Boolean},
           {"yes", ValueClass::Text},
           {"hunter2", ValueClass::Text},
           {"https://example.com/a?b@c", ValueClass::Url},
           {"https://user@example.com", ValueClass::Url},
           {"https://user:@example.com", ValueClass::Url},
           {"postgres://user:secret@db:5432/x", ValueClass::UrlWithPassword},
           {"https://example.com:8080/@x:y", ValueClass::Url},
           {"://x", ValueClass::Text},
           {"AKIAIOSFODNN7EXAMPLE", ValueClass::AccessKeyId},
           {"ASIAIOSFODNN7EXAMPLE", ValueClass::AccessKeyId},
           {"AKIAIOSFODNN7EXAMPL", ValueClass::Text},
           {"akiaiosfodnn7example", ValueClass::Text},
           {pem, ValueClass::PrivateKey},
           {"-----BEGIN CERTIFICATE-----", ValueClass::Text},
           {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", ValueClass::JsonWebToken},
           {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", ValueClass::Text}})
    EXPECT_EQ(classify(value), expected) << value;
}

TEST(ValueClass, HashesLiteralValuesOnly) {
  const ValueHasher hasher = [](std::string_view value) { return "h" + std::string(value); };
  EXPECT_EQ(literal_variable("c", "N", "v", hasher).keyed_hash, "hv");
  EXPECT_EQ(literal_variable("c", "N", "", hasher).keyed_hash, "");
  EXPECT_EQ(literal_variable("c", "N", "v", {}).keyed_hash, "");
}

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    bytes += {big_endian ? high : low, big_endian ? low : high};
  }
  return bytes;
}

TEST(Utf8Text, ReadsUtf16OfEitherOrderWithAndWithoutAMark) {
  const std::string expected = "{\"a\": \"\u00e9 \u624b \U0001F600\"}";
  for (const bool big_endian : {false, true})
    for (const std::u16string mark : {u"\uFEFF", u""}) {
      const auto text = utf8_text(utf16(mark + u"{\"a\": \"\u00e9 \u624b \U0001F600\"}", big_endian));
      ASSERT_TRUE(text.ok());
      EXPECT_EQ(*text, expected);
    }
}

TEST(Utf8Text, TakesTheMarkOffUtf8AndLeavesTheRest) {
  EXPECT_EQ(*utf8_text("\xEF\xBB\xBF{}"), "{}");
  EXPECT_EQ(*utf8_text("\xEF\xBB\xBF\xEF\xBB\xBF{}"), "\xEF\xBB\xBF{}");
  for (const std::string text : {"", "{", "{}", "\xFF", "a\xC3"}) EXPECT_EQ(*utf8_text(text), text);
}

TEST(Utf8Text, RefusesBrokenUtf16AndUtf32) {
  using namespace std::string_literals;
  for (const std::string& bytes :
       {"\xFF\xFE{"s, "\xFF\xFE{\0}"s, "\xFF\xFE\x00\xD8"s, "\xFF\xFE\x00\xD8{\0"s, "\xFF\xFE\x00\xDC{\0"s,
        "\xFE\xFF\xD8\x00"s, "\xFF\xFE\0\0{\0\0\0"s, "\0\0\xFE\xFF\0\0\0{"s})
    EXPECT_FALSE(utf8_text(bytes).ok());
}

std::string list_of(std::size_t elements, const std::string& element) {
  std::string text = "[";
  text.reserve(elements * (element.size() + 1) + 2);
  for (std::size_t i = 0; i < elements; ++i) text.append(i == 0 ? "" : ",").append(element);
  return text + "]";
}

TEST(ParsingCost, IsBoundedInSeparatorsWhateverTheyAre) {
  for (const std::string element : {"\"\"", "0", "[]", "{}", "{\"\":0}"}) {
    const std::size_t each = element == "[]" || element == "{}" ? 2 : element.size() > 2 ? 3 : 1;
    const auto fitting = (limits::kReviewTokens - 1) / each;
    EXPECT_TRUE(parsing_cost(list_of(fitting, element)).ok()) << element;
    const auto cost = parsing_cost(list_of(fitting + each + 1, element));
    ASSERT_FALSE(cost.ok()) << element;
    EXPECT_EQ(cost.error().code, ErrorCode::LimitExceeded);
  }
}

TEST(ParsingCost, DoesNotCountWhatIsInStrings) {
  const std::string commas(2 * limits::kReviewTokens, ',');
  EXPECT_TRUE(parsing_cost("[\"" + commas + "\"]").ok());
  EXPECT_TRUE(parsing_cost("[\"\\\"" + commas + "\"]").ok());
  EXPECT_FALSE(parsing_cost("[\"\\\\\"" + commas + "]").ok());
  EXPECT_FALSE(parsing_cost("[\"\"" + commas).ok());
  EXPECT_TRUE(parsing_cost("[\"" + commas + "\\").ok());
}

TEST(ParsingCost, OfTheLargestReviewFitsIntoTheMemoryForParsing) {
  const auto dense = list_of(limits::kReviewTokens - 1, "\"\"");
  const auto cost = parsing_cost(dense + std::string(limits::kAdmissionBody - dense.size(), ' '));
  ASSERT_TRUE(cost.ok());
  EXPECT_LE(*cost, limits::kParsing);
}

TEST(JsonDocument, WaitsForMemoryAndSaysThatThereIsNone) {
  const auto dense = list_of(limits::kReviewTokens - 1, "\"\"");
  std::optional<JsonDocument> first(std::in_place, JsonDocument::Of::Review);
  ASSERT_TRUE(first->parse(dense).ok());
  JsonDocument second(JsonDocument::Of::Review);
  const auto refused = second.parse(dense);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::RateLimited);
  EXPECT_TRUE(JsonDocument(JsonDocument::Of::Review).parse("[1]").ok()) << "small ones go on";
  first.reset();
  EXPECT_TRUE(second.parse(dense).ok());
}

TEST(JsonDocument, OutlivesTheNextOneOfItsThread) {
  JsonDocument first;
  const auto one = first.parse("[1]");
  JsonDocument second;
  ASSERT_TRUE(second.parse("[22222, 3]").ok());
  EXPECT_EQ(simdjson::minify(*one), "[1]");
}

}  // namespace
}  // namespace tegata::webhook::kubernetes
