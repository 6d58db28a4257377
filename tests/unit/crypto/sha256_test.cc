// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/hash.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

TEST(Sha256, GivesTheStandardsOwnExamples) {
  EXPECT_EQ(sha256("").hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, IsTheSameInPieces) {
  const std::string bytes(1000, 'x');
  for (const std::size_t piece : {1, 63, 64, 65, 999, 1000}) {
    Sha256 hash;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      hash.add(std::string_view(bytes).substr(at, piece));
    EXPECT_EQ(hash.finish(), sha256(bytes)) << piece;
  }
  Sha256 nothing;
  EXPECT_EQ(nothing.finish(), sha256(""));
}

}  // namespace
}  // namespace tegata::verifier
