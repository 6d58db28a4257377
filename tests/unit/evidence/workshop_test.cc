// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/workshop.h"

#include <gmock/gmock.h>

#include <chrono>
#include <deque>
#include <stdexcept>
#include <thread>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

std::string outcome(const std::optional<Status>& status) {
  if (!status) return "not done";
  return status->ok() ? "done" : std::string(name_of(status->error().code));
}

/// Runs posted slices when the test says so.
struct WorkshopTest : ::testing::Test {
  std::deque<std::function<void()>> slices;
  bool closed = false;
  int steps = 0;
  std::optional<Status> status;
  const std::shared_ptr<Askers> askers = Askers::of({"user", 1, 0});

  void run(
      int until, Deadline deadline, std::function<void()> at_each = [] {}) {
    Workshop workshop([this](const auto&, auto slice) { slices.push_back(std::move(slice)); },
                      [this] { return closed; });
    workshop.run(
        {deadline, askers},
        [this, until, at_each] {
          if (steps == until) return false;
          ++steps;
          at_each();
          return true;
        },
        [this](Status how) { status = std::move(how); });
  }
  bool next() {
    if (slices.empty()) return false;
    const auto slice = std::move(slices.front());
    slices.pop_front();
    slice();
    return true;
  }
  static void longer_than_a_slice() { std::this_thread::sleep_for(limits::kWorkSlice); }
};

TEST_F(WorkshopTest, DoesShortWorkAtOnce) {
  run(3, Deadline::never());
  EXPECT_EQ(outcome(status), "done");
  EXPECT_EQ(steps, 3);
  EXPECT_TRUE(slices.empty());
  EXPECT_FALSE(askers->delayed());
}

TEST_F(WorkshopTest, LetsOthersWorkBetweenItsSlices) {
  run(3, Deadline::never(), longer_than_a_slice);
  EXPECT_EQ(steps, 1);
  EXPECT_EQ(outcome(status), "not done");
  EXPECT_TRUE(askers->delayed()) << "what computes delays itself";
  EXPECT_TRUE(next());
  EXPECT_EQ(steps, 2);
  while (next()) continue;
  EXPECT_EQ(outcome(status), "done");
  EXPECT_EQ(steps, 3);
  EXPECT_FALSE(askers->delayed());
}

TEST_F(WorkshopTest, EndsAtItsDeadline) {
  run(1000, Deadline::after(limits::kWorkSlice), longer_than_a_slice);
  EXPECT_TRUE(next());
  EXPECT_EQ(outcome(status), "CutShort");
  EXPECT_EQ(steps, 1);
  EXPECT_FALSE(next());
}

TEST_F(WorkshopTest, EndsWhenItIsClosed) {
  run(1000, Deadline::never(), longer_than_a_slice);
  closed = true;
  EXPECT_TRUE(next());
  EXPECT_EQ(outcome(status), "CutShort");
  EXPECT_EQ(steps, 1);
}

TEST_F(WorkshopTest, AnswersAlsoWhenAStepThrows) {
  const auto second_throws = [this] {
    if (steps == 2) throw std::runtime_error("bug");
    longer_than_a_slice();
  };
  run(1000, Deadline::never(), second_throws);
  EXPECT_THROW(next(), std::runtime_error);
  EXPECT_EQ(outcome(status), "Internal");
  EXPECT_TRUE(slices.empty());
  EXPECT_FALSE(askers->delayed());
}

TEST_F(WorkshopTest, NeedsNoThreadsOfItsOwn) {
  int count = 0;
  std::optional<Status> how;
  Workshop().run(
      Deadline::never(),
      [&] {
        if (count < 2) longer_than_a_slice();
        return ++count < 5;
      },
      [&](Status said) { how = std::move(said); });
  EXPECT_EQ(outcome(how), "done");
  EXPECT_EQ(count, 5);
}

}  // namespace
}  // namespace tegata::verifier
