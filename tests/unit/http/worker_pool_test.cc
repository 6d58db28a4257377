// SPDX-License-Identifier: Apache-2.0
#include "webhook/http/worker_pool.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "webhook/http/body_budget.h"
#include "webhook/http/http_server.h"

namespace tegata::webhook::http {
namespace {

TEST(WorkerPool, GrowsToItsBoundAndNoFurther) {
  WorkerPool pool(4, 100, [](const std::string&) {});
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
  WorkerPool pool(1, 2, [](const std::string&) {});
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

TEST(WorkerPool, AJobThatThrowsIsReportedAndEndsNothingElse) {
  std::vector<std::string> bugs;
  WorkerPool pool(1, 10, [&](const std::string& bug) { bugs.push_back(bug); });
  std::atomic<bool> ran = false;
  pool.submit([] { throw std::runtime_error("bug"); });
  pool.submit([] { throw 7; });
  pool.submit([&] { ran = true; });
  pool.finish();
  EXPECT_TRUE(ran);
  EXPECT_EQ(bugs, (std::vector<std::string>{"bug", "unknown exception"}));
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// More descriptors to wait for than the process may have open is an error of poll() itself (EINVAL).
TEST(Listener, DoesNotSpinWherePollFails) {
  auto listener = Listener::open("127.0.0.1:0");
  ASSERT_TRUE(listener.ok());
  WakeFlag wake;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit one{1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &one), 0);
  std::thread accepting([&] { EXPECT_EQ(listener->accept(wake.fd()), -1); });
  const auto started = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_LT(cpu_seconds() - started, 0.03);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  wake.set();
  accepting.join();
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
