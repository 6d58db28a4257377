// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/worker_pool.h"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <stdexcept>

#include "webhook/http/body_budget.h"

namespace tegata::webhook::http {
namespace {

TEST(WorkerPool, GrowsToItsBoundAndNoFurther) {
  WorkerPool pool(4, 100);
  std::latch four(4);
  std::latch open(1);
  std::atomic<int> ran = 0;
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(pool.submit([&] {
      if (ran.fetch_add(1) < 4) four.count_down();
      open.wait();
    }),
              WorkerPool::Submitted::Yes);
  four.wait();
  EXPECT_EQ(pool.threads(), 4U);
  EXPECT_EQ(ran, 4);
  open.count_down();
  pool.finish();
  EXPECT_EQ(ran, 10);
  EXPECT_EQ(pool.threads(), 0U);
}

TEST(WorkerPool, RefusesJobsThatNobodyCouldTakeSoon) {
  WorkerPool pool(1, 2);
  std::latch entered(1);
  std::latch open(1);
  ASSERT_EQ(pool.submit([&] {
    entered.count_down();
    open.wait();
  }),
            WorkerPool::Submitted::Yes);
  entered.wait();
  EXPECT_EQ(pool.submit([] {}), WorkerPool::Submitted::Yes);
  EXPECT_EQ(pool.submit([] {}), WorkerPool::Submitted::Yes);
  EXPECT_EQ(pool.submit([] {}), WorkerPool::Submitted::Full);
  open.count_down();
}

TEST(WorkerPool, AJobThatThrowsEndsNothingElse) {
  WorkerPool pool(1, 10);
  std::atomic<bool> ran = false;
  pool.submit([] { throw std::runtime_error("bug"); });
  pool.submit([&] { ran = true; });
  pool.finish();
  EXPECT_TRUE(ran);
}

TEST(BodyBudget, GivesWhatIsThereAndTakesItBack) {
  BodyBudget budget(100);
  {
    BodyBudget::Share share(budget);
    EXPECT_TRUE(share.take(60));
    EXPECT_TRUE(share.take(40));
    BodyBudget::Share other(budget);
    EXPECT_FALSE(other.take(1));
  }
  BodyBudget::Share later(budget);
  EXPECT_FALSE(later.take(101));
  EXPECT_TRUE(later.take(100));
}

}  // namespace
}  // namespace tegata::webhook::http
