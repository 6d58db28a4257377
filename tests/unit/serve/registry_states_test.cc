// SPDX-License-Identifier: Apache-2.0
#include "webhook/serve/registry_states.h"

#include <gmock/gmock.h>

#include "policy/model/limits.h"

namespace tegata::webhook {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class RegistryStatesTest : public ::testing::Test {
 protected:
  std::optional<RegistryChange> note(std::optional<ErrorCode> code, const std::string& registry = "r.test") {
    std::optional<Error> error;
    if (code) error = Error{*code, "the error"};
    return states_.note({registry, error, 1ms}, now_);
  }
  RegistryStates states_;
  RegistryStates::Clock::time_point now_ = RegistryStates::Clock::now();
};

TEST_F(RegistryStatesTest, ARegistryThatAnswersIsNoNews) {
  EXPECT_FALSE(note(std::nullopt));
  EXPECT_FALSE(note(ErrorCode::NotFound));
  for (const auto ours : {ErrorCode::LimitExceeded, ErrorCode::Internal, ErrorCode::Malformed})
    EXPECT_FALSE(note(ours));
}

TEST_F(RegistryStatesTest, EachWayOfFailingIsNewsOnce) {
  const std::vector<std::pair<ErrorCode, RegistryState>> table{
      {ErrorCode::Unavailable, RegistryState::Unreachable},
      {ErrorCode::DeadlineExceeded, RegistryState::Unreachable},
      {ErrorCode::Unauthorized, RegistryState::Refusing},
      {ErrorCode::RateLimited, RegistryState::Throttling},
      {ErrorCode::UnexpectedAnswer, RegistryState::Unexpected}};
  for (const auto& [code, state] : table) {
    const auto registry = std::string(tegata::name_of(code)) + ".test";
    const auto change = note(code, registry);
    ASSERT_TRUE(change) << registry;
    EXPECT_EQ(change->registry, registry);
    EXPECT_EQ(change->from, RegistryState::Answering);
    EXPECT_EQ(change->to, state);
    EXPECT_EQ(change->error, "the error");
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(note(code, registry));
  }
}

TEST_F(RegistryStatesTest, AnswersAgainOnceNothingFailedForAWhile) {
  ASSERT_TRUE(note(ErrorCode::Unauthorized));
  now_ += limits::kRegistryCalm - 1ms;
  EXPECT_FALSE(note(std::nullopt));  // another repository of the same registry, perhaps
  EXPECT_FALSE(note(ErrorCode::Unauthorized));
  now_ += limits::kRegistryCalm - 1ms;
  EXPECT_FALSE(note(std::nullopt));
  EXPECT_FALSE(note(ErrorCode::RateLimited));
  now_ += 1ms;
  const auto change = note(std::nullopt);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->from, RegistryState::Refusing);
  EXPECT_EQ(change->to, RegistryState::Answering);
  EXPECT_TRUE(note(ErrorCode::Unavailable));  // and fails at once when it fails
}

TEST_F(RegistryStatesTest, RemembersNoMoreThanItMay) {
  for (std::size_t i = 0; i < limits::kRegistries; ++i) {
    now_ += 1ms;
    ASSERT_TRUE(note(ErrorCode::Unavailable, std::to_string(i)));
  }
  EXPECT_FALSE(note(ErrorCode::Unavailable, "0"));  // still known, and asked last now
  now_ += 1ms;
  EXPECT_FALSE(note(ErrorCode::Unavailable, "0"));
  EXPECT_TRUE(note(ErrorCode::Unavailable, "one more"));
  EXPECT_FALSE(note(ErrorCode::Unavailable, "0"));
  EXPECT_TRUE(note(ErrorCode::Unavailable, "1"));  // was forgotten
}

TEST_F(RegistryStatesTest, AChangeIsOneLine) {
  ::testing::internal::CaptureStderr();
  log_change(*note(ErrorCode::Unavailable));
  now_ += limits::kRegistryCalm;
  log_change(*note(std::nullopt));
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("\"a registry fails\""));
  EXPECT_THAT(log, HasSubstr("\"state\":\"unreachable\""));
  EXPECT_THAT(log, HasSubstr("\"error\":\"the error\""));
  EXPECT_THAT(log, HasSubstr("\"a registry answers again\""));
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2);
}

}  // namespace
}  // namespace tegata::webhook
