// SPDX-License-Identifier: Apache-2.0
#include "verifier/oci/memory_budget.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

using Reservation = MemoryBudget::Reservation;
constexpr std::size_t kMiB = 1024 * 1024;
static_assert(limits::kSmallReservation == kMiB);

/// A budget whose clock the test moves: 1 MiB for small reservations, 7 MiB for large ones.
struct MemoryBudgetTest : ::testing::Test {
  std::vector<std::function<void()>> timers;
  std::shared_ptr<MemoryBudget> budget =
      MemoryBudget::of(8 * kMiB, [this](auto, auto task, auto) { timers.push_back(std::move(task)); });
  std::map<std::string, Reservation> held;
  std::string events;
  bool ended = false;  ///< those who still wait are granted what `held` gives back, and keep none of it

  ~MemoryBudgetTest() override { ended = true; }
  static std::shared_ptr<Askers> of(const std::string& user) { return Askers::of({user, 1, 0}); }
  /// For a user of that name, unless others ask.
  void reserve(const std::string& name, std::size_t bytes, std::shared_ptr<Askers> askers = nullptr) {
    if (askers == nullptr) askers = of(name);
    const Terms terms(Deadline::after(std::chrono::hours(1)), askers);
    budget->reserve(bytes, terms, [this, name](Result<Reservation> got) {
      if (ended) return;
      events += name;
      if (!got.ok()) {
        EXPECT_EQ(got.error().code, ErrorCode::CutShort);
        events += "!";
        return;
      }
      held.insert_or_assign(name, *std::move(got));
    });
  }
  /// Not by erase() alone: a waiter that is granted then is inserted into the same map.
  void give_back(const std::string& name) {
    const Reservation gone = std::move(held.at(name));
    held.erase(name);
  }
};

TEST_F(MemoryBudgetTest, GrantsUpToTheBoundAndThenInOrder) {
  reserve("a", 3 * kMiB);
  reserve("b", 4 * kMiB);
  EXPECT_EQ(events, "ab");
  EXPECT_EQ(budget->used(), 7 * kMiB);
  reserve("c", 4 * kMiB);
  reserve("d", kMiB + 1);
  give_back("a");
  EXPECT_EQ(events, "abd") << "c does not fit yet, and lets d pass";
  give_back("b");
  EXPECT_EQ(events, "abdc");
  held.clear();
  EXPECT_EQ(budget->used(), 0U);
}

TEST_F(MemoryBudgetTest, SmallOnesDoNotWaitBehindLargeOnes) {
  reserve("L", 7 * kMiB);
  reserve("M", 2 * kMiB);
  reserve("s", kMiB / 2);
  reserve("t", kMiB / 2);
  EXPECT_EQ(events, "Lst");
  reserve("u", 1);
  EXPECT_EQ(events, "Lst");
  give_back("s");
  EXPECT_EQ(events, "Lstu");
}

TEST_F(MemoryBudgetTest, OneByteMoreThanIsFreeWaits) {
  reserve("a", 4 * kMiB);
  reserve("b", 3 * kMiB + 1);
  EXPECT_EQ(events, "a");
  held.at("a").shrink(4 * kMiB - 1);
  EXPECT_EQ(events, "ab");
  EXPECT_EQ(budget->used(), 7 * kMiB);
}

TEST_F(MemoryBudgetTest, GrantsMoreThanThereIsWhenNothingElseIsHeld) {
  reserve("a", 2 * kMiB);
  reserve("huge", 600 * kMiB);
  EXPECT_EQ(events, "a");
  give_back("a");
  EXPECT_EQ(events, "ahuge");
  EXPECT_EQ(held.at("huge").bytes(), 7 * kMiB);
}

TEST_F(MemoryBudgetTest, GrantsInTheTurnsOfTheUsersWhoWait) {
  const auto many = Askers::of({"many", 1, 0});
  const auto one = Askers::of({"one", 2, 0});
  reserve("a", 7 * kMiB, many);
  for (const auto* name : {"b", "c", "d"}) reserve(name, 6 * kMiB, many);
  reserve("e", 6 * kMiB, one);
  EXPECT_TRUE(one->delayed());
  give_back("a");
  give_back("b");
  EXPECT_EQ(events, "abe");
  EXPECT_FALSE(one->delayed());
  EXPECT_TRUE(many->delayed());
  give_back("e");
  give_back("c");
  EXPECT_EQ(events, "abecd");
  EXPECT_FALSE(many->delayed());
}

TEST_F(MemoryBudgetTest, SaysCutShortAtTheDeadlineAndLetsTheNextOnesPass) {
  reserve("a", 6 * kMiB);
  reserve("b", 7 * kMiB);
  reserve("c", kMiB + 1);
  held.at("a").shrink(3 * kMiB);
  EXPECT_EQ(events, "ac");
  ASSERT_EQ(timers.size(), 2U);
  timers.at(0)();
  EXPECT_EQ(events, "acb!");
  timers.at(1)();  // of one that was granted: no effect
  EXPECT_EQ(events, "acb!");
}

TEST_F(MemoryBudgetTest, TriesWithoutWaiting) {
  auto small = budget->try_reserve(kMiB, of("a"));
  ASSERT_TRUE(small);
  auto of_the_large = budget->try_reserve(kMiB, of("b"));
  ASSERT_TRUE(of_the_large) << "the small ones' lane is full";
  EXPECT_FALSE(budget->try_reserve(6 * kMiB + 1, of("c")));
  ASSERT_TRUE(budget->try_reserve(6 * kMiB, of("c")));
  reserve("waits", 7 * kMiB);
  EXPECT_TRUE(budget->try_reserve(2 * kMiB, of("d"))) << "who waits for more lets others pass";
}

TEST_F(MemoryBudgetTest, WhoHoldsAsMuchOfALaneAsIsFreeGetsNoMore) {
  const auto many = of("many");
  reserve("a", 3 * kMiB, many);
  reserve("b", 3 * kMiB / 2, many);
  EXPECT_EQ(events, "ab") << "3 of 7 MiB are less than what is free";
  reserve("c", 3 * kMiB / 2, many);
  EXPECT_EQ(events, "ab");
  EXPECT_FALSE(budget->try_reserve(3 * kMiB / 2, many));
  reserve("d", kMiB + 1);
  EXPECT_EQ(events, "abd") << "others do not wait behind it";
  give_back("a");
  EXPECT_EQ(events, "abdc");
}

TEST_F(MemoryBudgetTest, ManyUsersLeaveSomeForOthers) {
  std::map<std::string, std::shared_ptr<Askers>> users;
  for (const std::string user : {"p", "q", "r"}) {
    users[user] = of(user);
    for (int i = 0; i < 20; ++i) reserve(user + std::to_string(i), kMiB / 16, users[user]);
  }
  reserve("alice", kMiB / 16);
  EXPECT_TRUE(events.ends_with("alice")) << events;
}

TEST_F(MemoryBudgetTest, WhatAnotherUserWaitsForTooIsGrantedInTheOthersTurn) {
  const auto both = of("many");
  reserve("a", 4 * kMiB, of("many"));
  reserve("b", 3 * kMiB / 2, both);
  EXPECT_EQ(events, "a");
  Askers::join(both, of("one"));
  reserve("c", 1);  // any other
  EXPECT_EQ(events, "acb");
}

TEST_F(MemoryBudgetTest, AChainOfWaitersDoesNotRecurse) {
  reserve("a", 6 * kMiB);
  std::size_t granted = 0;
  for (int i = 0; i < 100'000; ++i)
    budget->reserve(6 * kMiB, Deadline::never(), [&granted](const Result<Reservation>&) { ++granted; });
  held.clear();
  EXPECT_EQ(granted, 100'000U);
  EXPECT_EQ(budget->used(), 0U);
}

}  // namespace
}  // namespace tegata::verifier
