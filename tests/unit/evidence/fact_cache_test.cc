// SPDX-License-Identifier: Apache-2.0
#include "verifier/evidence/fact_cache.h"

#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <vector>

namespace tegata::verifier {
namespace {

using std::chrono::seconds;
using Cache = FactCache<std::string, std::string>;

class FactCacheTest : public ::testing::Test {
 protected:
  Cache cache(std::size_t entries = 100, std::size_t bytes = 1000) {
    return {entries, bytes, "abandoned", [this] { return now_; }};
  }
  static Cache::Outcome outcome(std::string value, std::optional<Cache::Clock::duration> lifetime,
                                std::size_t bytes = 1) {
    return {std::make_shared<const std::string>(std::move(value)), lifetime, bytes};
  }
  /// Puts `key` in, with the value "of KEY".
  static void put(Cache& cache, const std::string& key, std::size_t bytes = 1) {
    cache.get(
        key, [&](const auto& complete) { complete(outcome("of " + key, seconds(10), bytes)); },
        [](const auto&) {});
  }
  static std::string kept(const Cache& cache, const std::string& key) {
    const auto found = cache.find(key);
    return found ? *found : "none";
  }

  Cache::Clock::time_point now_{seconds(1000)};
};

TEST_F(FactCacheTest, ServesAnEntryUpToItsLifetimeAndNotAMomentLonger) {
  auto under_test = cache();
  put(under_test, "a");
  now_ += seconds(10);
  EXPECT_EQ(kept(under_test, "a"), "of a");
  now_ += Cache::Clock::duration(1);
  EXPECT_EQ(kept(under_test, "a"), "none");
  EXPECT_EQ(under_test.counts().entries, 0U);
  EXPECT_EQ(under_test.counts().bytes, 0U);
}

TEST_F(FactCacheTest, CountsTheLifetimeFromTheEndOfTheFetch) {
  auto under_test = cache();
  std::optional<Cache::Completion> complete;
  under_test.get(
      "a", [&](auto completion) { complete = completion; }, [](const auto&) {});
  now_ += seconds(8);
  (*complete)(outcome("late", seconds(10)));
  now_ += seconds(10);
  EXPECT_EQ(kept(under_test, "a"), "late");
}

TEST_F(FactCacheTest, HoldsAsManyEntriesAsItMayAndDropsTheLeastRecentlyUsedAfterThat) {
  auto under_test = cache(50);
  for (int i = 0; i < 50; ++i) put(under_test, std::to_string(i));
  for (int round = 0; round < 3; ++round)
    for (int i = 0; i < 50; ++i) EXPECT_NE(kept(under_test, std::to_string(i)), "none") << i;
  EXPECT_EQ(under_test.counts().evictions, 0U);

  put(under_test, "one past it");
  EXPECT_EQ(under_test.counts().entries, 50U);
  EXPECT_EQ(under_test.counts().evictions, 1U);
  EXPECT_EQ(kept(under_test, "one past it"), "of one past it");
}

TEST_F(FactCacheTest, HoldsAsManyBytesAsItMayAndNotOneMore) {
  auto under_test = cache(100, 1000);
  put(under_test, "a", 400);
  put(under_test, "b", 600);
  EXPECT_EQ(under_test.counts().bytes, 1000U);
  EXPECT_EQ(under_test.counts().evictions, 0U);
  put(under_test, "c", 1);
  EXPECT_EQ(kept(under_test, "c"), "of c");
  EXPECT_EQ(under_test.counts().evictions, 1U);
  EXPECT_LE(under_test.counts().bytes, 601U);
}

TEST_F(FactCacheTest, MakesRoomForAnEntryAsLargeAsTheWholeCacheAndDoesNotKeepALargerOne) {
  auto under_test = cache(100, 1000);
  for (int i = 0; i < 20; ++i) put(under_test, std::to_string(i), 50);
  put(under_test, "larger", 1001);
  EXPECT_EQ(kept(under_test, "larger"), "none");
  EXPECT_EQ(under_test.counts().entries, 20U) << "what was there must not go for what cannot stay";
  put(under_test, "as large", 1000);
  EXPECT_EQ(kept(under_test, "as large"), "of as large");
  EXPECT_EQ(under_test.counts().entries, 1U);
}

TEST_F(FactCacheTest, DropsTheEntryThatWasNotAskedForWithinAShard) {
  // The low 60 bits of this hash are zero, so that all keys are in one shard.
  struct OneShard {
    std::size_t operator()(const std::string&) const { return 0; }
  };
  FactCache<std::string, std::string, OneShard> under_test(2, 1000, "abandoned", [this] { return now_; });
  const auto put_in = [&](const std::string& key) {
    under_test.get(
        key,
        [&](const auto& complete) {
          complete({std::make_shared<std::string>(key), seconds(10), 1});
        },
        [](const auto&) {});
  };
  put_in("old");
  put_in("older but used");
  put_in("older but used");
  ASSERT_NE(under_test.find("old"), nullptr);
  ASSERT_NE(under_test.find("older but used"), nullptr);
  put_in("new");
  EXPECT_EQ(under_test.find("old"), nullptr);
  EXPECT_NE(under_test.find("older but used"), nullptr);
  EXPECT_NE(under_test.find("new"), nullptr);
}

TEST_F(FactCacheTest, StartsOneFlightForAllWhoAskMeanwhile) {
  auto under_test = cache();
  std::optional<Cache::Completion> complete;
  int starts = 0;
  std::vector<std::string> answers;
  for (int i = 0; i < 3; ++i)
    under_test.get(
        "a",
        [&](auto completion) {
          ++starts;
          complete = completion;
        },
        [&](const auto& answer) { answers.push_back(*answer); });
  EXPECT_EQ(starts, 1);
  EXPECT_TRUE(answers.empty());
  (*complete)(outcome("x", seconds(10)));
  (*complete)(outcome("a second call changes nothing", seconds(10)));
  EXPECT_THAT(answers, ::testing::ElementsAre("x", "x", "x"));
  EXPECT_EQ(kept(under_test, "a"), "x");
  EXPECT_EQ(under_test.counts().joins, 2U);
}

TEST_F(FactCacheTest, AnswersTheWaitersOfAFailedFlightAndThenStartsAnew) {
  auto under_test = cache();
  std::optional<Cache::Completion> complete;
  std::vector<std::string> answers;
  const auto note = [&](const auto& answer) { answers.push_back(*answer); };
  under_test.get(
      "a", [&](auto completion) { complete = completion; }, note);
  under_test.get(
      "a", [](const auto&) { FAIL() << "a flight is under way"; }, note);
  (*complete)(outcome("failed", std::nullopt));
  EXPECT_THAT(answers, ::testing::ElementsAre("failed", "failed"));
  EXPECT_EQ(kept(under_test, "a"), "none");
  under_test.get(
      "a", [&](const auto& again) { again(outcome("good", seconds(10))); }, note);
  EXPECT_THAT(answers, ::testing::ElementsAre("failed", "failed", "good"));
}

TEST_F(FactCacheTest, TellsTheWaitersOfAFlightThatWasDroppedWithoutAnAnswer) {
  auto under_test = cache();
  std::string answer;
  under_test.get(
      "a", [](const auto&) {}, [&](const auto& given) { answer = *given; });
  EXPECT_EQ(answer, "abandoned");
  put(under_test, "a");
  EXPECT_EQ(kept(under_test, "a"), "of a");
}

TEST_F(FactCacheTest, ServesAWaiterThatAsksTheCacheAgainFromItsCallback) {
  auto under_test = cache();
  std::string second;
  under_test.get(
      "a", [&](const auto& complete) { complete(outcome("x", seconds(10))); },
      [&](const auto&) {
        under_test.get(
            "a", [](const auto&) { FAIL(); }, [&](const auto& answer) { second = *answer; });
      });
  EXPECT_EQ(second, "x");
}

TEST_F(FactCacheTest, AnswersAFlightThatOutlivesTheCache) {
  std::optional<Cache::Completion> complete;
  std::string answer;
  {
    auto short_lived = cache();
    short_lived.get(
        "a", [&](auto completion) { complete = completion; }, [&](const auto& given) { answer = *given; });
  }
  (*complete)(outcome("x", seconds(10)));
  EXPECT_EQ(answer, "x");
}

TEST_F(FactCacheTest, KeepsItsBoundsAndItsWordWithManyThreads) {
  Cache under_test(20, 60, "abandoned");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        const auto key = std::to_string((i * (t + 3)) % 40);
        under_test.get(
            key, [&](const auto& complete) { complete(outcome(key, seconds(100), 1 + i % 5)); },
            [&wrong, key](const auto& answer) { wrong += *answer != key; });
        const auto counts = under_test.counts();
        wrong += counts.entries > 20 || counts.bytes > 60;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  const auto counts = under_test.counts();
  EXPECT_EQ(counts.hits + counts.flights + counts.joins, 8000U);
  EXPECT_GT(counts.evictions, 0U);
}

}  // namespace
}  // namespace tegata::verifier
