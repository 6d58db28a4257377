// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace tegata::webhook {
namespace {

using namespace std::chrono_literals;

TEST(Watch, LooksAgainAndAgain) {
  std::atomic<int> looks{0};
  std::promise<void> third;
  Watch watch(1ms, [&](Watch::Look why) {
    EXPECT_EQ(why, Watch::Look::Routine);
    if (++looks == 3) third.set_value();
  });
  EXPECT_EQ(third.get_future().wait_for(30s), std::future_status::ready);
}

TEST(Watch, LooksAtOnceWhenAsked) {
  std::promise<Watch::Look> looked;
  Watch watch(1h, [&](Watch::Look why) { looked.set_value(why); });
  auto look = looked.get_future();
  watch.look_now();
  ASSERT_EQ(look.wait_for(30s), std::future_status::ready);
  EXPECT_EQ(look.get(), Watch::Look::Asked);
}

TEST(Watch, EndsWithoutWaitingForTheNextLook) {
  std::atomic<int> looks{0};
  {
    Watch watch(1h, [&](Watch::Look) { ++looks; });
  }
  EXPECT_EQ(looks, 0);
}

}  // namespace
}  // namespace tegata::webhook
