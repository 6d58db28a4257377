// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/turn_queue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "policy/model/limits.h"

namespace tegata::verifier {
namespace {

using ::testing::ElementsAre;
using Queue = TurnQueue<std::string>;

std::vector<std::string> drained(Queue& queue) {
  std::vector<std::string> order;
  while (auto item = queue.pop().item) order.push_back(*std::move(item));
  return order;
}

TEST(TurnQueue, GoesRoundBetweenUsersThenRequestsThenImages) {
  struct Item {
    const char* name;
    Turn turn;
  };
  struct Case {
    const char* what;
    std::vector<Item> pushed;
    std::vector<std::string> order;
  };
  const std::vector<Case> table = {
      {"one image: in the order of arrival", {{"1", {"a", 1, 0}}, {"2", {"a", 1, 0}}}, {"1", "2"}},
      {"users",
       {{"a1", {"a", 1, 0}},
        {"a2", {"a", 1, 0}},
        {"a3", {"a", 2, 0}},
        {"b1", {"b", 3, 0}},
        {"b2", {"b", 3, 0}}},
       {"a1", "b1", "a3", "b2", "a2"}},
      {"requests of a user",
       {{"r1a", {"a", 1, 0}}, {"r1b", {"a", 1, 1}}, {"r1c", {"a", 1, 2}}, {"r2", {"a", 2, 0}}},
       {"r1a", "r2", "r1b", "r1c"}},
      {"images of a request",
       {{"i0a", {"a", 1, 0}}, {"i0b", {"a", 1, 0}}, {"i0c", {"a", 1, 0}}, {"i1", {"a", 1, 1}}},
       {"i0a", "i1", "i0b", "i0c"}},
      {"an unknown user is one user", {{"x", {}}, {"y", {}}, {"b", {"b", 1, 0}}}, {"x", "b", "y"}}};
  for (const auto& [what, pushed, order] : table) {
    Queue queue;
    for (const auto& item : pushed) queue.push(Askers::of(item.turn), item.name);
    EXPECT_EQ(queue.size(), pushed.size());
    EXPECT_EQ(drained(queue), order) << what;
    EXPECT_EQ(queue.size(), 0U);
  }
}

TEST(TurnQueue, WhoComesBackWaitsForOneItemOfEachOther) {
  Queue queue;
  const auto many = Askers::of({"many", 1, 0});
  for (int i = 0; i < 10; ++i) queue.push(many, "m");
  EXPECT_EQ(queue.pop().item, "m");
  queue.push(Askers::of({"few", 2, 0}), "f1");
  EXPECT_EQ(queue.pop().item, "m");
  EXPECT_EQ(queue.pop().item, "f1");
  queue.push(Askers::of({"few", 2, 0}), "f2");
  EXPECT_EQ(queue.pop().item, "m");
  EXPECT_EQ(queue.pop().item, "f2");
}

TEST(TurnQueue, AnItemWaitsInTheTurnOfEachAskerAndIsTakenOnce) {
  Queue queue;
  for (int i = 0; i < 5; ++i) queue.push(Askers::of({"many", 1, 0}), "m");
  const auto shared = Askers::shared(Askers::of({"many", 1, 0}));
  queue.push(shared, "shared");
  Askers::join(shared, Askers::of({"few", 2, 0}));
  queue.push(shared, "later");
  EXPECT_EQ(queue.size(), 7U);
  EXPECT_THAT(drained(queue), ElementsAre("m", "shared", "m", "later", "m", "m", "m"));
}

TEST(TurnQueue, WhatWasTakenInAnotherTurnCostsNoTurn) {
  Queue queue;
  const auto shared = Askers::shared(Askers::of({"a", 1, 0}));
  queue.push(shared, "shared");
  Askers::join(shared, Askers::of({"b", 2, 0}));
  queue.push(Askers::of({"b", 2, 0}), "b1");
  queue.push(Askers::of({"c", 3, 0}), "c1");
  EXPECT_THAT(drained(queue), ElementsAre("shared", "b1", "c1"));
}

TEST(TurnQueue, JoinsReachWhatIsSharedFurther) {
  Queue queue;
  for (int i = 0; i < 3; ++i) queue.push(Askers::of({"many", 1, 0}), "m");
  const auto fact = Askers::shared(Askers::of({"many", 1, 0}));
  const auto manifest = Askers::shared(fact);
  queue.push(manifest, "manifest");
  Askers::join(fact, Askers::of({"few", 2, 0}));
  EXPECT_THAT(drained(queue), ElementsAre("m", "manifest", "m", "m"));
}

TEST(TurnQueue, CountsAFewRequestsOfOneUserAndEveryUser) {
  // The place of an item that `requests` of one user wait for, all but the last of which have other work
  // first.
  const auto place = [](std::uint64_t requests, const std::string& last_user) {
    Queue queue;
    const auto shared = Askers::shared(Askers::of({"a", 1, 0}));
    for (std::uint64_t i = 1; i < requests; ++i) {
      for (int n = 0; n < 3; ++n) queue.push(Askers::of({"a", i, 0}), "other");
      Askers::join(shared, Askers::of({"a", i, 0}));
    }
    Askers::join(shared, Askers::of({last_user, requests, 0}));
    queue.push(shared, "shared");
    const auto order = drained(queue);
    return static_cast<std::uint64_t>(std::find(order.begin(), order.end(), "shared") - order.begin());
  };
  // The first asker's turn was counted twice: by shared() and by the first join().
  const auto most = limits::kTurnsOfAUser - 1;
  EXPECT_EQ(place(most, "a"), most - 1) << "in the first round, after the others";
  EXPECT_GT(place(most + 1, "a"), 2 * most) << "after the other work of the requests that count";
  EXPECT_EQ(place(most + 1, "b"), 1U) << "another user's turn";
}

TEST(TurnQueue, WhatNobodyWaitsForComesLast) {
  Queue queue;
  const auto gone = Askers::of({"a", 1, 0});
  const auto abandoned = Askers::shared(gone);
  queue.push(abandoned, "abandoned");
  queue.push(Askers::of({"b", 2, 0}), "b1");
  gone->leave();
  queue.push(abandoned, "abandoned too");
  queue.push(Askers::of({"b", 2, 0}), "b2");
  EXPECT_TRUE(abandoned->abandoned());
  EXPECT_THAT(drained(queue), ElementsAre("b1", "b2", "abandoned too", "abandoned"));
}

TEST(TurnQueue, WhatIsWantedAgainHasItsTurnAgain) {
  Queue queue(0);
  const auto gone = Askers::of({"a", 1, 0});
  const auto shared = Askers::shared(gone);
  queue.push(shared, "again");
  gone->leave();
  Askers::join(shared, Askers::of({"b", 2, 0}));
  EXPECT_FALSE(shared->abandoned());
  EXPECT_THAT(drained(queue), ElementsAre("again"));
}

TEST(TurnQueue, KeepsAsManyAbandonedItemsAsItMayAndDropsTheOldest) {
  Queue queue(2);
  const auto gone = Askers::of({"a", 1, 0});
  const auto abandoned = Askers::shared(gone);
  for (const auto* name : {"1", "2", "3"}) queue.push(abandoned, name);
  gone->leave();
  const auto popped = queue.pop();
  EXPECT_EQ(popped.item, "2");
  EXPECT_THAT(popped.dropped, ElementsAre("1"));
  EXPECT_THAT(drained(queue), ElementsAre("3"));
}

TEST(TurnQueue, GivesUpAnItemThatIsAskedFor) {
  Queue queue;
  const auto ticket = queue.push(Askers::of({"a", 1, 0}), "1");
  queue.push(Askers::of({"a", 1, 0}), "2");
  EXPECT_EQ(queue.take(ticket), "1");
  EXPECT_EQ(queue.take(ticket), std::nullopt);
  EXPECT_THAT(drained(queue), ElementsAre("2"));
}

TEST(Askers, AreDelayedWhileTheirWorkWaitsAndAfterTooMuchOfIt) {
  const auto root = Askers::of({"a", 1, 0});
  const auto fact = Askers::shared(root);
  const auto manifest = Askers::shared(fact);
  EXPECT_FALSE(root->delayed());
  Queue queue;
  queue.push(manifest, "1");
  EXPECT_TRUE(root->delayed() && fact->delayed() && manifest->delayed());
  (void)queue.pop();
  EXPECT_FALSE(root->delayed() || fact->delayed() || manifest->delayed());
  fact->begin_delay();
  fact->begin_delay();
  fact->end_delay();
  EXPECT_TRUE(root->delayed() && fact->delayed());
  EXPECT_FALSE(manifest->delayed()) << "it did not wait for that";
}

TEST(TurnQueue, IsUsedByManyThreadsAtOnce) {
  TurnQueue<int> queue(10);
  std::atomic<int> left = 4000;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 1000; ++i) {
        const auto root = Askers::of({std::to_string(t), static_cast<std::uint64_t>(i), 0});
        const auto shared = Askers::shared(root);
        queue.push(shared, i);
        Askers::join(shared, Askers::of({"other", static_cast<std::uint64_t>(i), 0}));
        queue.push(shared, i);
        root->leave();
      }
    });
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      while (left > 0) {
        const auto popped = queue.pop();
        left -= static_cast<int>(popped.dropped.size()) + (popped.item ? 1 : 0);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(left, 0);
  EXPECT_EQ(queue.size(), 0U);
}

}  // namespace
}  // namespace tegata::verifier
