// SPDX-License-Identifier: Apache-2.0
// examples/approval.yaml with real attestations.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/unit/examples/example.h"

namespace tegata::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* kApproval = "https://tegata.dev/attestation/approval/v1";
constexpr const char* kGood =
    R"({"environment":"prod","expires":"2026-06-30T00:00:00Z","change":"CHG-1234"})";
constexpr Time kExpires = std::chrono::sys_days{std::chrono::year{2026} / 6 / 30};

SigningRequest person(const std::string& address,
                      const std::string& issuer = "https://accounts.example.com") {
  return {.identity = address, .identity_kind = NameKind::Email, .issuer = issuer};
}
const SigningRequest kAlice = person("alice@example.com");

class Approval : public ::testing::Test {
 protected:
  std::string told_of(const std::string& predicate, const SigningRequest& by = kAlice) {
    return example_.told({example_.attest(by, kApproval, predicate)}, kSigningTime);
  }
  Example example_{"approval.yaml"};
};

TEST_F(Approval, LetsRunWhatAnApproverHasApprovedForProduction) {
  EXPECT_EQ(told_of(kGood), "allow");
  EXPECT_EQ(told_of(kGood, person("bob@example.com")), "allow");
}

TEST_F(Approval, IsNotThatOfAnotherEnvironment) {
  EXPECT_THAT(told_of(R"({"environment":"staging","expires":"2026-06-30T00:00:00Z"})"),
              HasSubstr("approved: AttestationPredicateMismatch: "));
  EXPECT_THAT(told_of(R"({"environment":"staging","expires":"2026-06-30T00:00:00Z"})"),
              HasSubstr("environment"));
  EXPECT_THAT(told_of(R"({"expires":"2026-06-30T00:00:00Z"})"), HasSubstr("AttestationPredicateMismatch"));
  EXPECT_THAT(told_of(R"({"environment":["prod"],"expires":"2026-06-30T00:00:00Z"})"),
              HasSubstr("AttestationPredicateMismatch"));
}

TEST_F(Approval, IsOverWhenItExpires) {
  const auto approval = example_.attest(kAlice, kApproval, kGood);
  EXPECT_EQ(example_.told({approval}, kExpires - 1ms), "allow");
  EXPECT_THAT(example_.told({approval}, kExpires), HasSubstr("approved: AttestationPredicateMismatch: "));
  EXPECT_THAT(told_of(R"({"environment":"prod","expires":"2026-05-31T00:00:00Z"})"), HasSubstr("expires"));
  EXPECT_THAT(told_of(R"({"environment":"prod","expires":"never"})"), HasSubstr("expires"));
  EXPECT_THAT(told_of(R"({"environment":"prod"})"), HasSubstr("expires"));
}

TEST_F(Approval, IsOverForThoseTooWhoVerifiedItBefore) {
  const auto approval = example_.attest(kAlice, kApproval, kGood);
  EXPECT_EQ(example_.told({approval}, kSigningTime, kExpires - 1ms), "allow");
  const auto over = example_.told({approval}, kSigningTime, kExpires);
  EXPECT_THAT(over, HasSubstr("approved: AttestationPredicateMismatch: "));
  EXPECT_THAT(over, HasSubstr("it has expired"));
}

TEST_F(Approval, IsNotThatOfSomebodyElse) {
  for (const auto& other :
       {person("mallory@example.com"), person("alice@example.com", "https://mallory.example"),
        person("Alice@example.com")})
    EXPECT_THAT(told_of(kGood, other), HasSubstr("approved: AttestationByOtherSigner: "));
}

TEST_F(Approval, IsNotThatOfAnotherImage) {
  // Of Alice's authority it is PayloadOtherImage; the message names that of Bob's, which comes first.
  const auto other = example_.attest_other(kAlice, kApproval, kGood);
  EXPECT_THAT(example_.told({other}, kSigningTime), HasSubstr("approved: AttestationByOtherSigner: "));
}

TEST_F(Approval, IsMissingWhereThereIsNone) {
  EXPECT_THAT(example_.told({}, kSigningTime), HasSubstr("approved: AttestationMissing: "));
  const auto other = example_.attest(kAlice, "https://tegata.dev/attestation/approval/v2", kGood);
  EXPECT_THAT(example_.told({other}, kSigningTime), HasSubstr("approved: AttestationMissing: "));
}

TEST_F(Approval, IsNotHiddenByOthersThatDoNotCount) {
  EXPECT_EQ(example_.told({example_.attest(person("mallory@example.com"), kApproval, kGood),
                           example_.attest(kAlice, kApproval, R"({"environment":"staging"})"),
                           example_.attest(kAlice, kApproval, kGood)},
                          kSigningTime),
            "allow");
}

TEST_F(Approval, HalvesOfTwoAttestationsAreNone) {
  EXPECT_THAT(example_.told({example_.attest(kAlice, kApproval, R"({"environment":"prod"})"),
                             example_.attest(kAlice, kApproval, R"({"expires":"2026-06-30T00:00:00Z"})")},
                            kSigningTime),
              HasSubstr("AttestationPredicateMismatch"));
}

TEST_F(Approval, LeavesLintOnlyImagesWithoutSignaturesToWarnOf) {
  const auto doubts = example_.doubts();
  EXPECT_THAT(doubts, HasSubstr("no signature rule covers all images"));
  EXPECT_EQ(std::count(doubts.begin(), doubts.end(), '\n'), 1);
}

}  // namespace
}  // namespace tegata::testing
