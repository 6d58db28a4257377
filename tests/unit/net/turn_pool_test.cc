// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/turn_pool.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>
#include <new>
#include <stdexcept>

namespace tegata::verifier {
namespace {

TEST(TurnPool, TakesTasksInTheirTurns) {
  TurnPool pool(1);
  std::promise<void> open;
  pool.post(nullptr, [opened = open.get_future().share()] { opened.wait(); });
  std::vector<std::string> order;
  const auto many = Askers::of({"many", 1, 0});
  for (int i = 0; i < 3; ++i) pool.post(many, [&] { order.emplace_back("many"); });
  pool.post(Askers::of({"few", 2, 0}), [&] { order.emplace_back("few"); });
  open.set_value();
  pool.finish();
  EXPECT_THAT(order, ::testing::ElementsAre("many", "few", "many", "many"));
}

TEST(TurnPool, RunsTasksOnAllItsThreads) {
  TurnPool pool(3);
  std::latch all(3);
  for (int i = 0; i < 3; ++i) pool.post(nullptr, [&] { all.arrive_and_wait(); });
  pool.finish();
}

TEST(TurnPool, ATaskThatThrowsIsReportedAndEndsNothingElse) {
  std::vector<std::string> bugs;
  std::atomic<int> ran = 0;
  {
    TurnPool pool(1, [&](const char* bug) { bugs.emplace_back(bug); });
    pool.post(nullptr, [] { throw std::runtime_error("bug"); });
    pool.post(nullptr, [] { throw 7; });
    pool.post(nullptr, [&] { ++ran; });
  }
  EXPECT_EQ(ran, 1);
  EXPECT_THAT(bugs, ::testing::ElementsAre("bug", "unknown exception"));
  TurnPool silent(1);
  silent.post(nullptr, [] { throw std::bad_alloc(); });
}

TEST(TurnPool, RunsEverythingBeforeItEndsAlsoWhatItsTasksPost) {
  std::atomic<int> ran = 0;
  {
    TurnPool pool(2);
    for (int i = 0; i < 100; ++i)
      pool.post(Askers::of({std::to_string(i), 1, 0}), [&] {
        ++ran;
        pool.post(nullptr, [&] {
          ++ran;
          pool.post(nullptr, [&] { ++ran; });
        });
      });
  }
  EXPECT_EQ(ran, 300);
}

}  // namespace
}  // namespace tegata::verifier
