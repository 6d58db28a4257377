// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/public_key.h"

#include <gtest/gtest.h>

#include <string>

namespace tegata::verifier {
namespace {

using namespace std::literals;

TEST(SignatureShape, KnowsTheFormsThatOurKeysSignIn) {
  EXPECT_TRUE(has_signature_shape("\x30\x06\x02\x01\x01\x02\x01\x01"sv));
  EXPECT_TRUE(has_signature_shape(std::string(64, 'x')));
  EXPECT_TRUE(has_signature_shape(std::string(256, 'x')));
  EXPECT_TRUE(has_signature_shape(std::string(512, 'x')));
}

TEST(SignatureShape, TellsGarbageFromThem) {
  for (const std::size_t size : {0, 1, 63, 65, 255, 513, 4096})
    EXPECT_FALSE(has_signature_shape(std::string(size, 'x'))) << size;
  EXPECT_FALSE(has_signature_shape("\x30\x06\x02\x01\x01\x02\x01\x01\x00"sv));
}

}  // namespace
}  // namespace tegata::verifier
