// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/hash.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

// RFC 4231, test case 1 has a key of 20 bytes; HMAC pads with zeros, so 32 bytes are the same key.
TEST(KeyedHash, IsHmacSha256) {
  KeyedHash::Key key{};
  for (int i = 0; i < 20; ++i) key[static_cast<std::size_t>(i)] = 0x0b;
  EXPECT_EQ(KeyedHash(key).hex("Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(KeyedHash, OfOneValueIsTheSameUnderOneKeyAndDiffersUnderAnother) {
  const KeyedHash one = KeyedHash::generate();
  const KeyedHash copy = one;
  const KeyedHash other = KeyedHash::generate();
  EXPECT_EQ(one.hex("value"), copy.hex("value"));
  EXPECT_NE(one.hex("value"), one.hex("Value"));
  EXPECT_NE(one.hex("value"), other.hex("value"));
}

}  // namespace
}  // namespace tegata::verifier
