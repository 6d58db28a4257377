// SPDX-License-Identifier: Apache-2.0
#include "policy/model/digest.h"

#include <gmock/gmock.h>

namespace tegata {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kText = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

TEST(Digest, GivesItsTextBack) {
  const auto digest = Digest::parse(kText);
  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(digest->text(), kText);
  EXPECT_EQ(digest->tag_prefix(), "sha256-" + digest->hex());
  EXPECT_EQ(digest->bytes()[0], 0x01);
  EXPECT_EQ(digest->bytes()[31], 0xef);
}

TEST(Digest, SaysWhatIsWrong) {
  const std::string hex(64, 'a');
  EXPECT_THAT(Digest::parse("").error().message, HasSubstr("sha256:"));
  EXPECT_THAT(Digest::parse(hex).error().message, HasSubstr("sha256:"));
  EXPECT_THAT(Digest::parse("sha512:" + hex + hex).error().message, HasSubstr("not supported"));
  EXPECT_THAT(Digest::parse("SHA256:" + hex).error().message, HasSubstr("sha256:"));
  EXPECT_THAT(Digest::parse("sha256:" + hex + "a").error().message, HasSubstr("65"));
  EXPECT_THAT(Digest::parse("sha256:" + hex.substr(1)).error().message, HasSubstr("63"));
  EXPECT_THAT(Digest::parse("sha256:" + hex.substr(1) + "A").error().message, HasSubstr("lower-case"));
  EXPECT_THAT(Digest::parse("sha256:" + hex.substr(1) + "g").error().message, HasSubstr("lower-case"));
}

TEST(Digest, IsComparedByAllOfItsBytes) {
  const auto a = *Digest::parse(kText);
  for (std::size_t i = 0; i < 32; ++i) {
    auto bytes = a.bytes();
    bytes[i] ^= 1;
    EXPECT_NE(Digest(bytes), a);
  }
}

}  // namespace
}  // namespace tegata
