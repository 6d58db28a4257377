// SPDX-License-Identifier: Apache-2.0
#include "verifier/json/large_document.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

using namespace std::chrono_literals;

std::future<void> with_document(std::size_t bytes) {
  return std::async(std::launch::async, [bytes] { const LargeDocument document(bytes); });
}

TEST(LargeDocument, OneAtATimeAboveTheBoundAndAnyNumberUpToIt) {
  std::optional<LargeDocument> first(std::in_place, limits::kSmallDocument + 1);
  EXPECT_EQ(with_document(limits::kSmallDocument).wait_for(30s), std::future_status::ready);
  const auto second = with_document(limits::kSmallDocument + 1);
  EXPECT_EQ(second.wait_for(50ms), std::future_status::timeout);
  first.reset();
  EXPECT_EQ(second.wait_for(30s), std::future_status::ready);
}

}  // namespace
}  // namespace tegata::verifier
