// SPDX-License-Identifier: Apache-2.0
#include "verifier/net/own_load.h"

#include <gtest/gtest.h>

namespace tegata::verifier {
namespace {

using std::chrono::seconds;
const OwnLoad::Clock::time_point kStart{std::chrono::hours(100)};

HttpOutcome answer(int status, const std::string& peer = "") { return HttpResponse{status, {}, "", peer}; }
HttpOutcome failure(ErrorCode code, const std::string& peer = "") {
  return HttpFailure{{code, "no answer"}, Again::MayHelp, peer};
}
const HttpOutcome kGood = answer(404);
const HttpOutcome kBad = answer(503);

std::optional<ErrorCode> code_of(const HttpOutcome& outcome) {
  const auto* failed = std::get_if<HttpFailure>(&outcome);
  return failed == nullptr ? std::nullopt : std::optional(failed->error.code);
}

class OwnLoadTest : public ::testing::Test {
 protected:
  void ask(const std::string& host, std::size_t times, const HttpOutcome& outcome,
           OwnLoad::Clock::time_point now = kStart) {
    for (std::size_t i = 0; i < times; ++i) load_.end(load_.ask(host, now), outcome, now);
  }
  /// Of one more request to this host.
  bool is_own(const std::string& host, const HttpOutcome& outcome, OwnLoad::Clock::time_point now = kStart) {
    const auto asked = load_.ask(host, now);
    load_.end(asked, outcome, now);
    return code_of(load_.judged(asked, outcome, now)) == ErrorCode::OwnRate;
  }
  OwnLoad load_;
};

TEST_F(OwnLoadTest, AFailureIsOursAboveTheBoundOfRequestsIfTheHostAnswers) {
  ask("a", limits::kOwnRateRequests - 1, kGood);
  EXPECT_FALSE(is_own("a", kBad)) << "as many as the bound";
  EXPECT_TRUE(is_own("a", kBad)) << "one more";
  EXPECT_FALSE(is_own("b", kBad)) << "another host";
}

TEST_F(OwnLoadTest, AHostThatGivesFewGoodAnswersIsDown) {
  ask("a", 10 * limits::kOwnRateRequests, kBad);
  ask("a", limits::kOwnRateAnswers, kGood);
  EXPECT_FALSE(is_own("a", kBad)) << "as many as the bound";
  ask("a", 1, kGood);
  EXPECT_TRUE(is_own("a", kBad)) << "one more";
}

TEST_F(OwnLoadTest, A429IsOursAboveTheBoundWhateverTheHostAnswers) {
  ask("a", limits::kOwnRateRequests - 1, answer(429));
  EXPECT_FALSE(is_own("a", answer(429)));
  EXPECT_TRUE(is_own("a", answer(429)));
  EXPECT_FALSE(is_own("a", kBad));
}

TEST_F(OwnLoadTest, TellsWhatLoadCanCauseFromTheRest) {
  ask("a", 2 * limits::kOwnRateRequests, kGood);
  for (const int status : {403, 429, 500, 502, 503, 599}) EXPECT_TRUE(is_own("a", answer(status))) << status;
  for (const int status : {200, 302, 400, 401, 404, 501}) EXPECT_FALSE(is_own("a", answer(status))) << status;
  for (const auto code : {ErrorCode::Unavailable, ErrorCode::DeadlineExceeded})
    EXPECT_TRUE(is_own("a", failure(code)));
  for (const auto code : {ErrorCode::CutShort, ErrorCode::AddressRefused, ErrorCode::LimitExceeded})
    EXPECT_FALSE(is_own("a", failure(code)));
}

TEST_F(OwnLoadTest, GoodAnswersAreThoseThatAHostInTroubleDoesNotGive) {
  const auto down = [](const HttpOutcome& outcome) {
    OwnLoad load;
    for (std::size_t i = 0; i < 2 * limits::kOwnRateRequests; ++i) {
      const auto asked = load.ask("a", kStart);
      load.end(asked, outcome, kStart);
    }
    const auto asked = load.ask("a", kStart);
    load.end(asked, kBad, kStart);
    return code_of(load.judged(asked, kBad, kStart)) != ErrorCode::OwnRate;
  };
  for (const int status : {200, 302, 401, 404, 501}) EXPECT_FALSE(down(answer(status))) << status;
  for (const int status : {403, 429, 500, 503}) EXPECT_TRUE(down(answer(status))) << status;
  EXPECT_TRUE(down(failure(ErrorCode::Unavailable)));
  EXPECT_TRUE(down(failure(ErrorCode::CutShort))) << "never sent";
}

TEST_F(OwnLoadTest, AHostThatDoesNotAnswerMayWorkOnHeavyLoadForAWhile) {
  for (const auto& slow : {failure(ErrorCode::DeadlineExceeded), answer(504)}) {
    const std::string host = std::to_string(slow.index());
    ask(host, limits::kOwnRateRequests - 1, kBad);
    EXPECT_FALSE(is_own(host, slow)) << "as many as the bound";
    EXPECT_TRUE(is_own(host, slow)) << "one more";
    const auto memory = limits::kOwnLoadMemory;
    EXPECT_TRUE(is_own(host, slow, kStart + memory - seconds(1)));
    EXPECT_FALSE(is_own(host, slow, kStart + memory));
    EXPECT_FALSE(is_own(host, kBad, kStart + memory - seconds(1))) << "it answers";
  }
}

TEST_F(OwnLoadTest, AHostThatAnswersOthersMeanwhileIsBusyAndNotDown) {
  const auto slow = failure(ErrorCode::DeadlineExceeded);
  const auto later = kStart + limits::kRegistryAttempt;
  ask("a", limits::kOwnRateAnswers + 1, kGood);  // before
  const auto first = load_.ask("a", kStart);
  ask("a", limits::kAnswersMeanwhile, kGood, later);
  EXPECT_EQ(code_of(load_.judged(first, slow, later)), ErrorCode::DeadlineExceeded);
  ask("a", 1, kGood, later);
  EXPECT_EQ(code_of(load_.judged(first, slow, later)), ErrorCode::OwnRate);
  EXPECT_EQ(code_of(load_.judged(first, failure(ErrorCode::Unavailable), later)), ErrorCode::Unavailable);
}

TEST_F(OwnLoadTest, RequestsThatWaitCountWhenTheyAreMadeAndAsLongAsTheyWait) {
  ask("a", limits::kOwnRateAnswers + 1, kGood);
  std::vector<OwnLoad::Asked> waiting;
  for (std::size_t i = 0; i <= limits::kOwnRateRequests; ++i) waiting.push_back(load_.ask("a", kStart));
  EXPECT_TRUE(is_own("a", kBad));
  const auto later = kStart + 3 * limits::kOwnRateWindow;
  ask("a", limits::kOwnRateAnswers + 1, kGood, later);
  EXPECT_TRUE(is_own("a", kBad, later));
  for (const auto& asked : waiting) load_.end(asked, kGood, later);
  EXPECT_TRUE(is_own("a", kBad, later)) << "they ended within the window";
  EXPECT_FALSE(is_own("a", kBad, later + limits::kOwnRateWindow));
}

TEST_F(OwnLoadTest, ForgetsWhatIsOlderThanTheWindow) {
  ask("a", 2 * limits::kOwnRateRequests, kGood);
  EXPECT_TRUE(is_own("a", kBad, kStart + limits::kOwnRateWindow - seconds(1)));
  EXPECT_FALSE(is_own("a", kBad, kStart + limits::kOwnRateWindow));
}

TEST_F(OwnLoadTest, HostsWithACommonAddressAreOneBackend) {
  ask("a", limits::kOwnRateRequests, answer(200, "192.0.2.1 443"));
  EXPECT_FALSE(is_own("b", answer(503, "192.0.2.2 443"))) << "another address";
  EXPECT_FALSE(is_own("c", answer(503, "192.0.2.1 80"))) << "another port";
  EXPECT_TRUE(is_own("d", answer(503, "192.0.2.1 443")));
  EXPECT_TRUE(is_own("e", failure(ErrorCode::Unavailable, "192.0.2.1 443")));
  EXPECT_FALSE(is_own("f", kBad)) << "not known";
}

TEST_F(OwnLoadTest, AHostsLastAddressesAreCompared) {
  ask("a", limits::kOwnRateRequests, answer(200, "first"));
  for (std::size_t i = 1; i < limits::kPeersOfAHost; ++i) ask("a", 1, answer(200, std::to_string(i)));
  EXPECT_TRUE(is_own("b", answer(503, "first")));
  ask("a", 1, answer(200, "one more"));
  EXPECT_FALSE(is_own("c", answer(503, "first")));
}

TEST_F(OwnLoadTest, HostsAboveTheBoundAreCountedTogether) {
  ask("first", 2 * limits::kOwnRateRequests, kGood);
  for (std::size_t i = 1; i < limits::kCountedHosts; ++i) ask(std::to_string(i), 1, kGood);
  ask("above", limits::kOwnRateRequests, kGood);
  EXPECT_TRUE(is_own("first", kBad)) << "not displaced";
  EXPECT_TRUE(is_own("another", kBad)) << "with `above`";
  const auto later = kStart + limits::kOwnLoadMemory;
  EXPECT_FALSE(is_own("another", kBad, later)) << "there is room again";
  ask("another", 2 * limits::kOwnRateRequests, kGood, later);
  EXPECT_TRUE(is_own("another", kBad, later));
  EXPECT_FALSE(is_own("above", kBad, later));
}

TEST_F(OwnLoadTest, SaysWhatFailed) {
  ask("a", 2 * limits::kOwnRateRequests, kGood);
  const auto asked = load_.ask("a", kStart);
  load_.end(asked, kBad, kStart);
  EXPECT_EQ(std::get<HttpFailure>(load_.judged(asked, kBad, kStart)).error.message,
            "a answers 503; other requests that Tegata sends it may be the reason");
}

}  // namespace
}  // namespace tegata::verifier
