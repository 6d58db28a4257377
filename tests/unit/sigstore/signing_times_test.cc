// SPDX-License-Identifier: Apache-2.0
#include "verifier/sigstore/proof/prove_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/model/limits.h"
#include "tests/support/recorded_signing.h"
#include "tests/support/test_pki.h"
#include "verifier/crypto/hash.h"

namespace tegata::verifier {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kTestNow;
using testing::TestCertificateHolder;
using testing::timestamp_response;
using testing::timestamp_signer;

TrustedRoot root_of(std::vector<TrustedTimestampAuthority> authorities) {
  return {{}, {}, {}, std::move(authorities), sha256("a test's root")};
}

/// An authority of its own, and timestamps that it makes.
class Authority {
 public:
  [[nodiscard]] TrustedTimestampAuthority trusted(ValidFor valid = {}) const {
    return {*TimestampAuthority::of(
                {*Certificate::parse_der(signer_.der()), *Certificate::parse_der(root_.der())}),
            valid};
  }
  [[nodiscard]] std::string timestamp(milliseconds after = milliseconds(0),
                                      const std::string& message = "signature") const {
    return timestamp_response(signer_, {.message = message, .time = kTestNow + after});
  }

 private:
  TestCertificateHolder root_ = TestCertificateHolder::root();
  TestCertificateHolder signer_ = root_.issue(timestamp_signer());
};

std::vector<Time> times(const std::vector<std::string>& timestamps, const TrustedRoot& root) {
  return std::get<std::vector<Time>>(verified_timestamps(timestamps, "signature", root));
}

TEST(SigningTimes, AreThoseOfTrustedAuthorities) {
  const Authority one;
  const Authority other;
  const auto root = root_of({one.trusted(), other.trusted()});
  EXPECT_THAT(times({one.timestamp(seconds(1)), other.timestamp(seconds(2))}, root),
              ElementsAre(kTestNow + seconds(1), kTestNow + seconds(2)));
  EXPECT_THAT(times({one.timestamp()}, root_of({other.trusted()})), IsEmpty());
  EXPECT_THAT(times({one.timestamp()}, root_of({})), IsEmpty());
  EXPECT_THAT(times({}, root), IsEmpty());
}

TEST(SigningTimes, SkipGarbageAndTimestampsOfSomethingElse) {
  const Authority one;
  const auto root = root_of({one.trusted()});
  EXPECT_THAT(times({"garbage", "", one.timestamp(seconds(0), "other"), one.timestamp(seconds(5))}, root),
              ElementsAre(kTestNow + seconds(5)));
  EXPECT_THAT(times({one.timestamp(seconds(0), "other")}, root), IsEmpty());
}

TEST(SigningTimes, CountOneAuthorityOnce) {
  const Authority one;
  const std::string twice = one.timestamp();
  EXPECT_THAT(times({twice, twice, one.timestamp(seconds(9))}, root_of({one.trusted()})),
              ElementsAre(kTestNow));
}

TEST(SigningTimes, AreWithinTheWindowInWhichTheRootTrustsTheAuthority) {
  const Authority one;
  const auto root = root_of({one.trusted({kTestNow, kTestNow + seconds(60)})});
  EXPECT_THAT(times({one.timestamp(milliseconds(-1))}, root), IsEmpty());
  EXPECT_THAT(times({one.timestamp()}, root), ElementsAre(kTestNow));
  EXPECT_THAT(times({one.timestamp(seconds(60))}, root), ElementsAre(kTestNow + seconds(60)));
  EXPECT_THAT(times({one.timestamp(milliseconds(60'001))}, root), IsEmpty());
  // One outside does not hide another.
  EXPECT_THAT(times({one.timestamp(milliseconds(-1)), one.timestamp()}, root), ElementsAre(kTestNow));
}

TEST(SigningTimes, OfMoreTimestampsThanTheLimitAreNotLookedAt) {
  const Authority one;
  const auto root = root_of({one.trusted()});
  std::vector<std::string> timestamps(limits::kBundleTimestamps - 1, "garbage");
  timestamps.push_back(one.timestamp());
  EXPECT_THAT(times(timestamps, root), ElementsAre(kTestNow));
  timestamps.push_back("one more");
  EXPECT_EQ(std::get<Rejection>(verified_timestamps(timestamps, "signature", root)).reason,
            RejectionReason::TooLarge);
}

TEST(SigningTimes, OfARecordedBundleAreItsTimestampsOwn) {
  auto chain = *Certificate::parse_pem(testing::recorded_file("mock/tsa-chain.pem"));
  const auto root = root_of({{*TimestampAuthority::of(std::move(chain)), {}}});
  const auto recorded = testing::recorded_signing("bundle-keyless-gh-rekor2-refapi");
  const auto found = verified_timestamps(recorded.timestamps, recorded.signature, root);
  EXPECT_EQ(std::get<0>(found).size(), 1U);
}

}  // namespace
}  // namespace tegata::verifier
