// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/worker_pool.h"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace tegata::verifier {
namespace {

TEST(WorkerPool, GrowsToItsBoundAndNoFurther) {
  WorkerPool pool({.max_threads = 4, .max_waiting = 100});
  std::latch four(4);
  std::latch open(1);
  std::atomic<int> ran = 0;
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(pool.post([&] {
      if (ran.fetch_add(1) < 4) four.count_down();
      open.wait();
    }),
              WorkerPool::Posted::Yes);
  four.wait();
  EXPECT_EQ(pool.threads(), 4U);
  EXPECT_EQ(ran, 4);
  open.count_down();
  pool.finish();
  EXPECT_EQ(ran, 10);
  EXPECT_EQ(pool.threads(), 0U);
}

TEST(WorkerPool, RefusesTasksAboveItsBound) {
  WorkerPool pool({.max_threads = 1, .max_waiting = 2});
  std::latch entered(1);
  std::latch open(1);
  ASSERT_EQ(pool.post([&] {
    entered.count_down();
    open.wait();
  }),
            WorkerPool::Posted::Yes);
  entered.wait();
  EXPECT_EQ(pool.post([] {}), WorkerPool::Posted::Yes);
  EXPECT_EQ(pool.post([] {}), WorkerPool::Posted::Yes);
  EXPECT_EQ(pool.post([] {}), WorkerPool::Posted::Full);
  open.count_down();
}

TEST(WorkerPool, ATaskThatThrowsIsReportedAndEndsNothingElse) {
  std::vector<std::string> bugs;
  WorkerPool pool({.max_threads = 1, .max_waiting = 10}, [&](const char* bug) { bugs.emplace_back(bug); });
  std::atomic<bool> ran = false;
  pool.post([] { throw std::runtime_error("bug"); });
  pool.post([] { throw 7; });
  pool.post([&] { ran = true; });
  pool.finish();
  EXPECT_TRUE(ran);
  EXPECT_EQ(bugs, (std::vector<std::string>{"bug", "unknown exception"}));
}

TEST(WorkerPool, OutlivesWhatItsTasksThrow) {
  std::atomic<int> ran = 0;
  std::atomic<int> told = 0;
  {
    WorkerPool pool({.min_threads = 1, .max_threads = 1}, [&](const char*) { ++told; });
    pool.post([] { throw std::bad_alloc(); });
    pool.post([] { throw 7; });
    pool.post([&] { ++ran; });
  }
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(told, 2);
}

TEST(WorkerPool, RunsEverythingBeforeItEndsAlsoWhatItsTasksPost) {
  std::atomic<int> ran = 0;
  {
    WorkerPool pool({.min_threads = 2, .max_threads = 2});
    for (int i = 0; i < 100; ++i)
      pool.post([&] {
        ++ran;
        pool.post([&] { ++ran; });
      });
  }
  EXPECT_EQ(ran, 200);
}

TEST(WorkerPool, StartsItsLeastThreadsAtOnce) {
  WorkerPool pool({.min_threads = 2, .max_threads = 3});
  EXPECT_EQ(pool.threads(), 2U);
}

}  // namespace
}  // namespace tegata::verifier
