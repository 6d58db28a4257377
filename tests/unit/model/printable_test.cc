// SPDX-License-Identifier: Apache-2.0
#include "policy/model/printable.h"

#include <gmock/gmock.h>

namespace tegata {
namespace {

TEST(Printable, LeavesPlainTextAndEscapesTheRest) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"ghcr.io/acme/app:v1", "ghcr.io/acme/app:v1"},
      {"a\nb\r\t", "a\\nb\\r\\t"},
      {std::string("a\0b", 3), "a\\x00b"},
      {"\x1b[31m\x7f", "\\x1b[31m\\x7f"},
      {"say \"hi\" \\o/", "say \\\"hi\\\" \\\\o/"},
      {"\u202egnp.exe", "\\u{202e}gnp.exe"},
      {"gh\u0441r.io", "gh\\u{441}r.io"},
      {"\U0001f600", "\\u{1f600}"},
      {"\xff\xc3", "\\xff\\xc3"},
      {"\xe2\x80", "\\xe2\\x80"},
      {"\xc3(", "\\xc3("},
      {"\xc0\xaf", "\\xc0\\xaf"},
  };
  for (const auto& [text, shown] : cases) EXPECT_EQ(printable(text), shown);
}

TEST(Printable, OfASentenceKeepsItsQuotesAndEscapesTheRest) {
  EXPECT_EQ(sentence("issuer is \"a\\\"b\", not \"c\"\n"), "issuer is \"a\\\"b\", not \"c\"\\n");
  EXPECT_EQ(sentence("\xe2\x80\xae"), "\\u{202e}");
}

TEST(Printable, IsCutAtItsBoundAndNeverInsideAnEscape) {
  EXPECT_EQ(printable("0123456789", 10), "0123456789");
  EXPECT_EQ(printable("0123456789a", 10), "0123456...");
  EXPECT_EQ(printable("12345\n\n\n\n", 10), "12345\\n...");
  EXPECT_EQ(printable("1234\u202e56789", 12), "1234...");
  EXPECT_EQ(quoted("abc"), "\"abc\"");
}

TEST(Printable, IsAlwaysPrintableAndBounded) {
  for (int seed = 0; seed < 2000; ++seed) {
    std::string text;
    unsigned state = static_cast<unsigned>(seed) * 2654435761U + 1;
    for (int i = 0; i < seed % 97; ++i) {
      state = state * 1664525U + 1013904223U;
      text += static_cast<char>(state >> 24);
    }
    const auto shown = printable(text, 60);
    EXPECT_LE(shown.size(), 60U);
    for (const char c : shown) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  }
}

}  // namespace
}  // namespace tegata
