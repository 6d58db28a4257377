// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/text_encoding.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

TEST(Base64, ReadsWhatItWrites) {
  std::string bytes;
  for (int size = 0; size < 70; ++size) {
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes) << size;
    bytes += static_cast<char>(size * 37);
  }
  EXPECT_EQ(encode_base64("\xfb\xff\xfe"), "+//+");
}

TEST(Base64, RefusesEverySecondSpelling) {
  for (const std::string text : {"QQ", "QQ=", "QQ===", "Q===", "=", "QR==", "QUJ=", "QUI", "QUI= ", " QUI=",
                                 "QU\nI=", "QUI=\n", "QUI=\r\n", "-__-", "QUI=QUI=", "QU*=", "QUI=A"})
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  EXPECT_EQ(decode_base64(std::string_view("QUI=\0", 5)), std::nullopt);
  EXPECT_EQ(decode_base64(std::string_view("QU\0=", 4)), std::nullopt);
}

TEST(Base64, WritesHexInLowerCase) { EXPECT_EQ(encode_hex(std::string_view("\x00\xab\xFF", 3)), "00abff"); }

}  // namespace
}  // namespace tegata::verifier
