// SPDX-License-Identifier: Apache-2.0
#include "verifier/aws/renewed.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "verifier/aws/aws_client.h"

namespace tegata::verifier {
namespace {

using namespace std::chrono_literals;
using Text = Renewed<std::string>;

/// Values that live 60 s: renewed from 30 s, awaited from 40 s.
class RenewedTest : public ::testing::Test {
 protected:
  void answer(const std::string& value) {
    const auto now = now_.load();
    take_fetch()(
        Lease<std::string>{std::make_shared<const std::string>(value), now + 30s, now + 40s, now + 60s});
  }
  void fail() { take_fetch()(Error{ErrorCode::Unavailable, "down"}); }
  Text::Fetched take_fetch() {
    auto fetched = std::move(fetches_.front());
    fetches_.erase(fetches_.begin());
    return fetched;
  }
  /// The value, `waits`, or the name of the error.
  std::string get() {
    auto got = std::make_shared<std::string>("waits");
    values_.get([got, this](Result<Text::Value> value) {
      *got = value.ok() ? **value : std::string(name_of(value.error().code));
      ++answered_;
    });
    return *got;
  }

  std::atomic<Time> now_{Time(1'000'000ms)};
  std::vector<Text::Fetched> fetches_;
  int answered_ = 0;
  Text values_{[this](Text::Fetched fetched) { fetches_.push_back(std::move(fetched)); },
               [this] { return now_.load(); }};
};

TEST_F(RenewedTest, OneFetchServesAllWhoWait) {
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(get(), "waits");
  EXPECT_EQ(fetches_.size(), 1U);
  answer("first");
  EXPECT_EQ(answered_, 1000);
  EXPECT_EQ(get(), "first");
  EXPECT_TRUE(fetches_.empty());
}

TEST_F(RenewedTest, IsRenewedOnceWhileItIsStillUsed) {
  get(), answer("first");
  now_ = now_.load() + 30s - 1ms;
  EXPECT_EQ(get(), "first");
  EXPECT_TRUE(fetches_.empty()) << "before it is time";
  now_ = now_.load() + 1ms;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(get(), "first");
  EXPECT_EQ(fetches_.size(), 1U);
  answer("second");
  EXPECT_EQ(get(), "second");
}

TEST_F(RenewedTest, ItsRenewalIsAwaitedShortlyBeforeItsEnd) {
  get(), answer("first");
  now_ = now_.load() + 40s;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(get(), "waits");
  EXPECT_EQ(fetches_.size(), 1U);
  answer("second");
  EXPECT_EQ(answered_, 1001);
}

TEST_F(RenewedTest, IsUsedUntilItsEndIfItCannotBeRenewed) {
  get(), answer("first");
  now_ = now_.load() + 40s;
  EXPECT_EQ(get(), "waits");
  fail();
  EXPECT_EQ(answered_, 2) << "with the old value";
  EXPECT_EQ(get(), "first") << "no new attempt so soon";
  EXPECT_TRUE(fetches_.empty());
  now_ = now_.load() + limits::kAwsFailureKept;
  get();
  EXPECT_EQ(fetches_.size(), 1U);
  now_ = now_.load() + 20s;  // its end passes while the fetch runs
  fail();
  EXPECT_EQ(get(), "Unavailable");
}

TEST_F(RenewedTest, AFailureIsKeptForAMoment) {
  for (int i = 0; i < 1000; ++i) get();
  fail();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(get(), "Unavailable");
  EXPECT_TRUE(fetches_.empty());
  now_ = now_.load() + limits::kAwsFailureKept;
  EXPECT_EQ(get(), "waits");
  answer("first");
  EXPECT_EQ(get(), "first");
}

TEST_F(RenewedTest, ARefusedValueIsNotHandedOutAgain) {
  get(), answer("first");
  Text::Value value;
  values_.get([&](Result<Text::Value> got) { value = *got; });
  values_.refuse(value);
  EXPECT_EQ(get(), "first") << "it is too new to be worth another fetch";
  now_ = now_.load() + Text::kLeastUse;
  values_.refuse(value);
  EXPECT_EQ(get(), "waits");
  answer("second");
  values_.refuse(value);
  EXPECT_EQ(get(), "second") << "another value was refused";
}

TEST_F(RenewedTest, AnExceptionOfTheFetchAnswersThoseWhoWait) {
  Text broken([](const Text::Fetched&) { throw std::runtime_error("no memory"); }, [] { return Time{}; });
  std::string code;
  broken.get([&](Result<Text::Value> value) { code = name_of(value.error().code); });
  EXPECT_EQ(code, "Internal");
}

TEST_F(RenewedTest, AFetchMayEndAfterIt) {
  Text::Fetched late;
  int answered = 0;
  {
    Text short_lived([&](Text::Fetched fetched) { late = std::move(fetched); }, [] { return Time{}; });
    short_lived.get([&](const Result<Text::Value>&) { ++answered; });
  }
  late(Error{ErrorCode::CutShort, "over"});
  EXPECT_EQ(answered, 1);
}

TEST(AwsLease, RenewsBeforeCredentialsExpire) {
  const auto keys = [](std::optional<Time> expires) {
    return std::make_shared<const AwsCredentials>(AwsCredentials{"A", Secret("B"), Secret(), expires});
  };
  const Time now(1'000'000'000ms);
  const auto day = *lease_of(keys(now + 24h), now);
  EXPECT_EQ(day.end - day.renew_soon, 15min);
  EXPECT_EQ(day.end - day.renew_now, 10min);
  const auto quarter = *lease_of(keys(now + 15min), now);
  EXPECT_EQ(quarter.end - quarter.renew_soon, 225s) << "not at once, and again and again";
  EXPECT_EQ(quarter.end - quarter.renew_now, 150s);
  EXPECT_EQ(lease_of(keys(now), now).error().code, ErrorCode::Unauthorized);
  const auto written = *lease_of(keys(std::nullopt), now);
  EXPECT_EQ(written.renew_soon, now + limits::kAwsUnboundedLifetime);
  EXPECT_EQ(written.end, Time::max());
}

}  // namespace
}  // namespace tegata::verifier
