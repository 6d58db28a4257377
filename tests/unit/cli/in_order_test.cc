// SPDX-License-Identifier: Apache-2.0
#include "webhook/cli/in_order.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <vector>

namespace tegata::webhook::cli {
namespace {

TEST(InOrder, GivesResultsInTheOrderOfTheJobs) {
  for (const std::size_t threads : {1U, 4U}) {
    std::vector<int> results;
    InOrder<int, int> work(
        threads, 50, [](int job) { return job * 2; }, [&](int result) { results.push_back(result); });
    for (int job = 0; job < 500; ++job) work.add(job, 1);
    work.finish();
    ASSERT_EQ(results.size(), 500U);
    for (int job = 0; job < 500; ++job) EXPECT_EQ(results[static_cast<std::size_t>(job)], job * 2);
  }
}

TEST(InOrder, DoesJobsAtTheSameTimeAndWaitsForTheFirst) {
  std::vector<int> results;
  std::latch second_done(1);
  InOrder<int, int> work(
      2, 10,
      [&](int job) {
        if (job == 1) second_done.wait();
        if (job == 2) second_done.count_down();
        return job;
      },
      [&](int result) { results.push_back(result); });
  work.add(1, 1);
  work.add(2, 1);
  work.finish();
  EXPECT_EQ(results, (std::vector<int>{1, 2}));
}

TEST(InOrder, HoldsNoMoreThanItMay) {
  std::atomic<int> begun = 0;
  int taken = 0;
  int most = 0;
  InOrder<int, int> work(
      4, 10,
      [&](int job) {
        ++begun;
        return job;
      },
      [&](int) { ++taken; });
  for (int job = 1; job <= 100; ++job) {
    work.add(job, 3);
    most = std::max(most, job - taken);
  }
  EXPECT_LE(most, 3);
  work.add(101, 1000);  // one job may be larger than the bound
  EXPECT_GE(taken, 100);
  work.finish();
  EXPECT_EQ(taken, 101);
  EXPECT_EQ(begun, 101);
}

TEST(InOrder, ThrowsWhatAJobThrows) {
  std::vector<int> results;
  InOrder<int, int> work(
      2, 10, [](int job) { return job == 2 ? throw std::runtime_error("two") : job; },
      [&](int result) { results.push_back(result); });
  EXPECT_THROW(
      {
        for (int job = 1; job <= 3; ++job) work.add(job, 1);
        work.finish();
      },
      std::runtime_error);
  EXPECT_EQ(results, (std::vector<int>{1}));
}

}  // namespace
}  // namespace tegata::webhook::cli
