// SPDX-License-Identifier: Apache-2.0
#include "verifier/crypto/secret.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace tegata::verifier {
namespace {

TEST(Secret, IsMovedAndNeverCopied) {
  static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string> &&
                !std::is_convertible_v<Secret, std::string_view>);
  Secret first("token");
  Secret second = std::move(first);
  EXPECT_EQ(second.reveal(), "token");
  EXPECT_TRUE(first.empty());  // NOLINT: what is left behind is the point
  second = Secret("other");
  EXPECT_EQ(second.reveal(), "other");
  EXPECT_EQ(second.clone().reveal(), "other");
}

TEST(Secret, WipesTheTextThatItWasGiven) {
  std::string text(100, 's');
  const char* buffer = text.data();
  const Secret secret(std::move(text));
  EXPECT_EQ(secret.reveal(), std::string(100, 's'));
  EXPECT_NE(secret.reveal().data(), buffer);
}

}  // namespace
}  // namespace tegata::verifier
