// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/request_turns.h"

#include <gmock/gmock.h>

namespace tegata::verifier {
namespace {

using ::testing::ElementsAre;

/// Of 8 slots a user holds 3; each host takes 2.
class RequestTurnsTest : public ::testing::Test {
 protected:
  std::shared_ptr<Askers> push(const std::string& user, const std::string& host) {
    auto askers = Askers::shared(Askers::of({user, ++requests_, 0}));
    turns_.push(host, {{*Url::parse("http://" + host + "/"), {}, Secret(), 10},
                       Terms(Deadline::never(), askers),
                       {},
                       requests_});
    return askers;
  }
  /// `user to host` for all that may start now; they keep their slots.
  std::vector<std::string> started() {
    std::vector<std::string> words;
    while (true) {
      auto next = turns_.next();
      if (!next.order) return words;
      words.push_back(next.slot.user.value_or("nobody") + " to " + next.slot.host);
      slots_.push_back(std::move(next.slot));
    }
  }
  void release(const std::string& host) {
    const auto slot =
        std::find_if(slots_.begin(), slots_.end(), [&](const auto& one) { return one.host == host; });
    turns_.release(*slot);
    slots_.erase(slot);
  }

  int woken_ = 0;
  std::uint64_t requests_ = 0;
  RequestTurns turns_{{8, 3}, [](const std::string&) { return 2U; }, [this] { ++woken_; }};
  std::vector<RequestTurns::Slot> slots_;
};

TEST_F(RequestTurnsTest, GoesRoundBetweenUsersThenBetweenTheirHosts) {
  for (const char* host : {"a", "b"})
    for (int i = 0; i < 2; ++i) push("many", host);
  push("few", "c");
  push("few", "c");
  EXPECT_THAT(started(), ElementsAre("few to c", "many to a", "few to c", "many to b", "many to a"));
}

TEST_F(RequestTurnsTest, AUserHoldsAShareOfAllSlotsHoweverManyHostsThereAre) {
  for (const char* host : {"a", "b", "c", "d", "e"}) push("many", host);
  EXPECT_THAT(started(), ElementsAre("many to a", "many to b", "many to c"));
  release("b");
  EXPECT_THAT(started(), ElementsAre("many to d"));
  push("few", "e");
  EXPECT_THAT(started(), ElementsAre("few to e"));
}

TEST_F(RequestTurnsTest, AllUsersTogetherHoldNoMoreThanThereIs) {
  for (const char* user : {"p", "q", "r"})
    for (int i = 0; i < 3; ++i) push(user, std::string("host-") + user + std::to_string(i));
  EXPECT_EQ(started().size(), 8U);
  release("host-p0");
  EXPECT_EQ(started().size(), 1U);
}

TEST_F(RequestTurnsTest, AHostTakesNoMoreThanItMay) {
  for (int i = 0; i < 3; ++i) push("p", "a");
  EXPECT_EQ(started().size(), 2U);
  release("a");
  EXPECT_THAT(started(), ElementsAre("p to a"));
}

TEST_F(RequestTurnsTest, WhoseTurnIsTheLongestAgoComesFirstAtABusyHost) {
  for (int i = 0; i < 6; ++i) push("a", "busy");
  EXPECT_EQ(started().size(), 2U);
  push("b", "busy");
  for (int i = 0; i < 3; ++i) {
    push("c", "idle");  // turns at another host do not change that
    EXPECT_THAT(started(), ElementsAre("c to idle"));
    release("idle");
  }
  release("busy");
  EXPECT_THAT(started(), ElementsAre("b to busy"));
}

TEST_F(RequestTurnsTest, AUserWhoJoinsGivesTheRequestATurn) {
  for (const char* host : {"a", "b", "c"}) push("many", host);
  const auto joined = push("many", "d");
  EXPECT_EQ(started().size(), 3U) << "the share of user `many`";
  const int woken = woken_;
  Askers::join(joined, Askers::of({"few", 100, 0}));
  EXPECT_GT(woken_, woken);
  EXPECT_THAT(started(), ElementsAre("few to d"));
}

TEST_F(RequestTurnsTest, AbandonedRequestsComeLastAndHoldAShareToo) {
  const auto gone = Askers::of({"gone", 1, 0});
  const auto abandoned = Askers::shared(gone);
  for (const char* host : {"a", "b", "c", "d"})
    turns_.push(host,
                {{*Url::parse("http://h/"), {}, Secret(), 10}, Terms(Deadline::never(), abandoned), {}, 1});
  gone->leave();
  push("few", "d");
  EXPECT_THAT(started(), ElementsAre("few to d", "nobody to a", "nobody to b", "nobody to c"));
  release("a");
  EXPECT_THAT(started(), ElementsAre("nobody to d"));
}

TEST_F(RequestTurnsTest, WhatIsTakenIsNotStarted) {
  const auto ticket = turns_.push("a", {{*Url::parse("http://a/"), {}, Secret(), 10},
                                        Terms(Deadline::never(), Askers::of({"p", 1, 0})),
                                        {},
                                        7});
  EXPECT_EQ(turns_.take("a", ticket)->number, 7U);
  EXPECT_FALSE(turns_.take("a", ticket));
  EXPECT_TRUE(started().empty());
}

TEST_F(RequestTurnsTest, WakesNobodyOnceItIsClosed) {
  turns_.close();
  push("p", "a");
  EXPECT_EQ(woken_, 0);
}

}  // namespace
}  // namespace tegata::verifier
