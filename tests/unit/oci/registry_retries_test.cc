// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/support/fake_registry.h"
#include "tests/support/registry_fixture.h"

namespace tegata::verifier {
namespace {

using testing::ask;
using testing::Ending;
using testing::FakeRegistry;
using testing::Reply;

constexpr auto kTag = "/v2/fx/app/manifests/v1";
const Reply kGood{200, {{"Content-Type", "application/vnd.oci.image.manifest.v1+json"}}, "{}"};

class RegistryRetries : public ::testing::Test {
 protected:
  ContentAnswer tag(Deadline deadline = testing::soon()) {
    return ask(*source_, TagRequest{{registry_.host(), "fx/app"}, "v1"}, deadline);
  }
  FakeRegistry registry_;
  std::unique_ptr<RegistrySource> source_ = testing::plain_http_source({registry_.host()});
};

TEST_F(RegistryRetries, A500ThatPassesIsNotNoticed) {
  registry_.on(kTag, {Reply{500, {}, ""}, Reply{503, {}, ""}, kGood});
  EXPECT_TRUE(tag().ok());
  EXPECT_EQ(registry_.count(kTag), 3U);
}

TEST_F(RegistryRetries, AResetConnectionIsTriedAgain) {
  registry_.on(kTag, {Reply{200, {}, "", Ending::Reset}, kGood});
  EXPECT_TRUE(tag().ok());
}

TEST_F(RegistryRetries, ThreeAttemptsAreAllThereAre) {
  registry_.on(kTag, Reply{500, {}, ""});
  EXPECT_EQ(tag().error().code, ErrorCode::Unavailable);
  EXPECT_EQ(registry_.count(kTag), 3U);
}

TEST_F(RegistryRetries, WhatWillNotChangeIsAskedOnce) {
  for (const int status : {404, 403, 400, 401, 501}) {
    FakeRegistry registry;
    const auto source = testing::plain_http_source({registry.host()});
    registry.on(kTag, Reply{status, {}, ""});
    EXPECT_FALSE(ask(*source, TagRequest{{registry.host(), "fx/app"}, "v1"}).ok());
    EXPECT_EQ(registry.count(kTag), 1U) << status;
  }
}

TEST_F(RegistryRetries, RetryAfterIsWaitedFor) {
  registry_.on(kTag, {Reply{429, {{"Retry-After", "1"}}, ""}, kGood});
  const auto before = Deadline::Clock::now();
  EXPECT_TRUE(tag().ok());
  EXPECT_GE(Deadline::Clock::now() - before, std::chrono::seconds(1));
}

TEST_F(RegistryRetries, RetryAfterBeyondTheDeadlineIsAnsweredAtOnce) {
  registry_.on(kTag, Reply{429, {{"Retry-After", "3600"}}, ""});
  const auto before = Deadline::Clock::now();
  EXPECT_EQ(tag(Deadline::after(std::chrono::seconds(20))).error().code, ErrorCode::RateLimited);
  EXPECT_LT(Deadline::Clock::now() - before, std::chrono::seconds(10));
  EXPECT_EQ(registry_.count(kTag), 1U);
}

TEST_F(RegistryRetries, NoAttemptBeginsAfterTheDeadline) {
  registry_.on(kTag, {Reply{500, {}, ""}, Reply{200, {}, "", Ending::HangFirst}});
  EXPECT_EQ(tag(Deadline::after(std::chrono::milliseconds(300))).error().code, ErrorCode::DeadlineExceeded);
  EXPECT_EQ(registry_.count(kTag), 2U);
}

TEST_F(RegistryRetries, NoAttemptBeginsLongAfterTheFirst) {
  registry_.on(kTag, Reply{429, {{"Retry-After", "2"}}, ""});
  EXPECT_EQ(tag().error().code, ErrorCode::RateLimited);
  EXPECT_EQ(registry_.count(kTag), 1U);
}

TEST_F(RegistryRetries, AFailureAfterManyRequestsIsOfOurOwnMakingAndIsNotRepeated) {
  for (const auto& [failure, code] : {std::pair{Reply{429, {}, ""}, ErrorCode::RateLimited},
                                      std::pair{Reply{503, {}, ""}, ErrorCode::Unavailable}}) {
    FakeRegistry registry;
    const auto source = testing::plain_http_source({registry.host()});
    registry.on(kTag, kGood);
    registry.on("/v2/fx/app/manifests/failing", failure);
    const auto asked = [&](const char* which) {
      return ask(*source, TagRequest{{registry.host(), "fx/app"}, which});
    };
    for (std::size_t i = 0; i < limits::kOwnRateRequests - 1; ++i) ASSERT_TRUE(asked("v1").ok());
    EXPECT_EQ(asked("failing").error().code, code);
    EXPECT_EQ(registry.count("/v2/fx/app/manifests/failing"), 3U);
    EXPECT_EQ(asked("failing").error().code, ErrorCode::OwnRate);
    EXPECT_EQ(registry.count("/v2/fx/app/manifests/failing"), 4U);
  }
}

TEST_F(RegistryRetries, ARegistryThatIsDownIsNotOfOurOwnMaking) {
  registry_.on(kTag, Reply{503, {}, ""});
  for (std::size_t i = 0; i <= limits::kOwnRateRequests; ++i)
    ASSERT_EQ(tag().error().code, ErrorCode::Unavailable) << i;
}

TEST_F(RegistryRetries, RequestsToATokenServiceCountForTheRegistryAtItsAddress) {
  registry_.on("/v2/fx/app/manifests/throttled", Reply{503, {}, ""});
  FakeRegistry other;
  source_ = testing::plain_http_source({registry_.host(), other.host()});
  const std::string realm = "Bearer realm=\"http://" + registry_.host() + "/token\"";
  for (std::size_t i = 0; i <= limits::kOwnRateRequests; ++i) {
    const std::string path = "fx/app" + std::to_string(i);
    other.on("/v2/" + path + "/manifests/v1", Reply{401, {{"WWW-Authenticate", realm}}, ""});
    ASSERT_FALSE(ask(*source_, TagRequest{{other.host(), path}, "v1"}).ok());
  }
  EXPECT_EQ(ask(*source_, TagRequest{{registry_.host(), "fx/app"}, "throttled"}).error().code,
            ErrorCode::OwnRate);
}

TEST_F(RegistryRetries, TwoNamesOfOneBackendAreCountedTogether) {
  registry_.on(kTag, kGood);
  registry_.on("/v2/fx/app/manifests/throttled", Reply{503, {}, ""});
  const auto alias = "localhost:" + std::to_string(registry_.port());
  source_ = testing::plain_http_source({registry_.host(), alias});
  for (std::size_t i = 0; i <= limits::kOwnRateRequests; ++i)
    ASSERT_TRUE(ask(*source_, TagRequest{{alias, "fx/app"}, "v1"}).ok());
  EXPECT_EQ(ask(*source_, TagRequest{{registry_.host(), "fx/app"}, "throttled"}).error().code,
            ErrorCode::OwnRate);
}

TEST_F(RegistryRetries, TheHopsOfRedirectsCountForOurOwnRate) {
  registry_.on(kTag, Reply{307, {{"Location", "/v2/fx/app/manifests/moved"}}, ""});
  registry_.on("/v2/fx/app/manifests/moved", kGood);
  registry_.on("/v2/fx/app/manifests/throttled", Reply{429, {}, ""});
  const auto throttled = [&] { return ask(*source_, TagRequest{{registry_.host(), "fx/app"}, "throttled"}); };
  for (std::size_t i = 0; i <= limits::kOwnRateRequests / 2; ++i) ASSERT_TRUE(tag().ok());
  EXPECT_EQ(throttled().error().code, ErrorCode::OwnRate);
  EXPECT_EQ(registry_.count("/v2/fx/app/manifests/throttled"), 1U);
}

TEST(RetryAfter, IsSecondsOrADateBesideTheAnswersOwn) {
  using std::chrono::seconds;
  const auto of = [](HttpHeaders headers) { return retry_after(HttpResponse{429, std::move(headers), ""}); };
  const std::string now = "Wed, 21 Oct 2026 07:28:00 GMT";
  EXPECT_EQ(of({{"retry-after", "7"}}), seconds(7));
  EXPECT_EQ(of({{"retry-after", "0"}}), seconds(0));
  EXPECT_EQ(of({{"retry-after", "99999999999999999999999"}}), seconds(24 * 3600));
  EXPECT_EQ(of({{"date", now}, {"retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"}}), seconds(30));
  EXPECT_EQ(of({{"date", now}, {"retry-after", "Wed, 21 Oct 2026 07:27:30 GMT"}}), seconds(0));
  EXPECT_EQ(of({{"retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"}}), std::nullopt);
  EXPECT_EQ(of({{"retry-after", "-5"}}), std::nullopt);
  EXPECT_EQ(of({{"date", now}, {"retry-after", "soon"}}), std::nullopt);
  EXPECT_EQ(of({}), std::nullopt);
}

}  // namespace
}  // namespace tegata::verifier
