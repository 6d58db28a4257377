// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/public_key.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

using namespace std::literals;

TEST(EcdsaDer, AcceptsTheOneSpellingOfASignature) {
  EXPECT_TRUE(is_ecdsa_der("\x30\x06\x02\x01\x01\x02\x01\x7f"sv, 32));
  EXPECT_TRUE(is_ecdsa_der("\x30\x08\x02\x02\x00\x80\x02\x02\x00\xff"sv, 32));
  const std::string scalar(32, '\x7f');
  EXPECT_TRUE(is_ecdsa_der("\x30\x44\x02\x20"s + scalar + "\x02\x20" + scalar, 32));
  const std::string high = "\x02\x21\x00"s + std::string(32, '\xff');
  EXPECT_TRUE(is_ecdsa_der("\x30\x46"s + high + high, 32));
  const std::string wide = "\x02\x42\x01"s + std::string(65, '\xff');  // P-521: two bytes of length
  EXPECT_TRUE(is_ecdsa_der("\x30\x81\x88"s + wide + wide, 66));
}

// The kinds of malformed signatures that Wycheproof's ECDSA vectors are made of.
TEST(EcdsaDer, RefusesEveryOtherSpelling) {
  const std::pair<const char*, std::string_view> table[] = {
      {"empty", ""sv},
      {"only a tag", "\x30"sv},
      {"empty sequence", "\x30\x00"sv},
      {"only r", "\x30\x03\x02\x01\x01"sv},
      {"three integers", "\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01"sv},
      {"trailing byte after the sequence", "\x30\x06\x02\x01\x01\x02\x01\x01\x00"sv},
      {"trailing byte inside the sequence", "\x30\x07\x02\x01\x01\x02\x01\x01\x00"sv},
      {"length of the sequence too long", "\x30\x07\x02\x01\x01\x02\x01\x01"sv},
      {"length of the sequence too short", "\x30\x05\x02\x01\x01\x02\x01\x01"sv},
      {"length in long form for nothing", "\x30\x81\x06\x02\x01\x01\x02\x01\x01"sv},
      {"length of an integer in long form", "\x30\x07\x02\x81\x01\x01\x02\x01\x01"sv},
      {"indefinite length", "\x30\x80\x02\x01\x01\x02\x01\x01\x00\x00"sv},
      {"two bytes of length", "\x30\x82\x00\x06\x02\x01\x01\x02\x01\x01"sv},
      {"length that overflows", "\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff\x02\x01\x01"sv},
      {"negative r", "\x30\x06\x02\x01\x80\x02\x01\x01"sv},
      {"negative s", "\x30\x06\x02\x01\x01\x02\x01\xff"sv},
      {"r is zero", "\x30\x06\x02\x01\x00\x02\x01\x01"sv},
      {"s is zero", "\x30\x06\x02\x01\x01\x02\x01\x00"sv},
      {"r padded", "\x30\x07\x02\x02\x00\x01\x02\x01\x01"sv},
      {"r without bytes", "\x30\x05\x02\x00\x02\x01\x01"sv},
      {"set for sequence", "\x31\x06\x02\x01\x01\x02\x01\x01"sv},
      {"octet string for integer", "\x30\x06\x04\x01\x01\x02\x01\x01"sv},
      {"integer that runs over the end", "\x30\x06\x02\x01\x01\x02\x02\x01"sv},
  };
  for (const auto& [what, bytes] : table) EXPECT_FALSE(is_ecdsa_der(bytes, 32)) << what;
}

TEST(EcdsaDer, RefusesScalarsThatAreWiderThanTheCurve) {
  const std::string fits = "\x02\x20"s + std::string(32, '\x7f');
  const std::string wide = "\x02\x21"s + std::string(33, '\x7f');
  EXPECT_TRUE(is_ecdsa_der("\x30\x44"s + fits + fits, 32));
  EXPECT_FALSE(is_ecdsa_der("\x30\x45"s + fits + wide, 32));
  EXPECT_FALSE(is_ecdsa_der("\x30\x45"s + wide + fits, 32));
}

}  // namespace
}  // namespace tegata::verifier
