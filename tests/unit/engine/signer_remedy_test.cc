// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "policy/rules/signer_rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using tegata::testing::digest_of;
using tegata::testing::facts_of;
using ::testing::HasSubstr;
using ::testing::Not;

const Signing kSigning{"ask CI to ", "sign", "sign"};

Authority identity(const std::string& id) {
  return {AuthorityId(id), id, CertificateSigner{{}, std::nullopt}};
}

SignerDemand by(std::vector<Authority> authorities) {
  SignerDemand demand;
  demand.trust = TrustSettings::of(std::move(authorities));
  return demand;
}

TEST(SignerRemedy, NamesAKeyToCosignOnlyWhereAKeyIsExpected) {
  const auto key = key_authority(digest_of(1), "ci.pub");
  EXPECT_EQ(remedy_of_missing(by({key}), kSigning, "h/r@d"),
            "ask CI to sign the image: `cosign sign --key KEY h/r@d`");
  EXPECT_EQ(remedy_of_missing(by({identity("a"), identity("b")}), kSigning, "h/r@d"),
            "ask CI to sign the image: `cosign sign h/r@d` as the expected identity");
  EXPECT_EQ(remedy_of_missing(by({identity("a"), key}), kSigning, "h/r@d"),
            "ask CI to sign the image: `cosign sign h/r@d` as the expected identity, or with --key KEY where "
            "a key is "
            "expected");
}

TEST(SignerRemedy, DoesNotTakeAwayWhatIsOnlyNotProven) {
  const auto demand = sample::signed_by({1});
  const auto remedy = [&](RejectionReason reason) {
    return remedy_of_unproven(demand, facts_of({{digest_of(1), {}, {{reason, "why", std::nullopt}}}}),
                              kSigning, "h/r@d");
  };
  EXPECT_THAT(remedy(RejectionReason::LogEntryMissing), HasSubstr("have it logged too"));
  for (const auto reason : {RejectionReason::TimestampMissing, RejectionReason::SigningTimeUnknown})
    EXPECT_THAT(remedy(reason), HasSubstr("--timestamp-server-url"));
  EXPECT_THAT(remedy(RejectionReason::CertificateNotValid), HasSubstr("fresh certificate"));
  for (const auto reason : {RejectionReason::CertificateTimestampMissing,
                            RejectionReason::CertificateTimestampInvalid, RejectionReason::TimestampInvalid,
                            RejectionReason::LogEntryUntrusted, RejectionReason::CheckpointInvalid})
    EXPECT_THAT(remedy(reason), HasSubstr("trusted root"));
  for (const auto reason : {RejectionReason::SignatureMalformed, RejectionReason::LogEntryOfOther})
    EXPECT_EQ(remedy(reason), "");
}

TEST(SignerRemedy, NamesTheSignersThatAreStillMissing) {
  EXPECT_EQ(remedy_of_too_few(sample::signed_by({1, 2}, SignatureCheck::Combine::AllOf), {"/keys/1.pub"},
                              kSigning, "h/r@d"),
            "ask /keys/2.pub to sign this digest too: `cosign sign --key KEY h/r@d`");
  EXPECT_THAT(remedy_of_too_few(sample::signed_by({1}), {"/keys/1.pub"}, kSigning, "h/r@d"),
              HasSubstr("ask another expected signer to"));
}

TEST(SignerRemedy, ReachesTheFinding) {
  using namespace sample;
  const auto finding_of = [](RejectionReason reason) {
    const auto image = reference(pinned_image());
    const auto facts =
        tegata::testing::known_image(image, facts_of({{digest_of(1), {}, {{reason, "why", std::nullopt}}}}));
    return judge(set(rule("r", signed_by({1}))), request({image.as_written()}), {{facts}}, options())
        .findings.at(0);
  };
  EXPECT_THAT(
      finding_of(RejectionReason::LogEntryMissing).message,
      HasSubstr("fix: ask the owner of the build pipeline to sign the image again, and have it logged"));
  EXPECT_THAT(finding_of(RejectionReason::LogEntryMissing).message, Not(HasSubstr("cosign clean")));
  EXPECT_THAT(finding_of(RejectionReason::SignatureMalformed).message, HasSubstr("cosign clean"));
}

}  // namespace
}  // namespace tegata::policy
