// SPDX-License-Identifier: Apache-2.0
// The rule `vulnerabilities` over what services of AWS say: which answers are missing or unknown, which of
// these are softened, and that they are united with attestations.
#include <gmock/gmock.h>

#include "tests/unit/engine/scanned.h"

namespace tegata::policy {
namespace {

using namespace sample;
using namespace scanned;
using namespace std::chrono_literals;
using tegata::testing::facts_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// The rule asks Amazon ECR, and whom `sources` name.
VulnerabilitiesCheck high_in_ecr(std::vector<AttestedScans> sources = {}, Require require = Require::All) {
  auto check = high(std::move(sources), require);
  check.services = {ScanSource::Ecr};
  return check;
}
ScanReport in_ecr(std::vector<ScanFinding> findings) {
  auto report = scan(std::move(findings), kNow - 1h, "Amazon ECR");
  report.source = ScanSource::Ecr;
  return report;
}
/// What ECR and the attestations say.
GatheredFacts ecr_says(FactOf<ScanKind> fact, SignatureFacts attestations = facts_of({by(1, {})})) {
  auto facts = known_image(reference(pinned_image()), std::move(attestations));
  facts.facts.add<ScanKind>({ScanSource::Ecr}, std::move(fact));
  return {{facts}};
}
GatheredFacts ecr_says(ScanReport report, SignatureFacts attestations = facts_of({by(1, {})})) {
  return ecr_says(testing::known_fact<ScanKind>(std::move(report)), std::move(attestations));
}

TEST(AService, IsAskedByTheRule) {
  const auto planned = plan(set(rule("holes", high_in_ecr())), request({pinned_image()}), kNow);
  ASSERT_THAT(planned.images, SizeIs(1));
  EXPECT_TRUE(planned.images[0].questions.asks<ScanKind>());
  EXPECT_FALSE(planned.images[0].questions.asks<SignatureKind>());
  EXPECT_THAT(reasons_of(judged(high_in_ecr(), ecr_says(in_ecr({})))), IsEmpty());
  EXPECT_THAT(reasons_of(judged(high_in_ecr(), ecr_says(in_ecr({finding("CVE-1")})))),
              ElementsAre("VulnerabilityTooSevere"));
  EXPECT_THAT(reasons_of(judged(high_in_ecr(), {})), ElementsAre("InternalError"));
}

TEST(AService, ThatGivesAGapHasTheReasonOfTheGap) {
  const std::pair<Reason, FindingKind> gaps[] = {
      {Reason::ScanMissing, FindingKind::Missing},   {Reason::ScanUnsupported, FindingKind::Missing},
      {Reason::ScanExpired, FindingKind::Missing},   {Reason::ImageArchived, FindingKind::Missing},
      {Reason::ImageNotFound, FindingKind::Missing}, {Reason::ScanPending, FindingKind::Unknown},
      {Reason::ScanFailed, FindingKind::Unknown},    {Reason::ScanUnavailable, FindingKind::Unknown}};
  for (const auto& [reason, kind] : gaps) {
    auto report = in_ecr({});
    report.gap = {reason, "why"};
    auto owner = policy({rule("holes", high_in_ecr())});
    owner.costs.on_unknown = Cost::Warn;
    const auto verdict =
        judge(set(std::vector{owner}), request({pinned_image()}), ecr_says(report), options());
    ASSERT_THAT(verdict.findings, SizeIs(1)) << name_of(reason);
    EXPECT_EQ(verdict.findings[0].reason, reason);
    EXPECT_EQ(verdict.findings[0].kind, kind) << name_of(reason);
    EXPECT_EQ(verdict.decision, Decision::Deny) << "no haste chooses the answer: " << name_of(reason);
    EXPECT_EQ(verdict.findings[0].found, "ecr: why");
    EXPECT_THAT(verdict.findings[0].remedy, Not(HasSubstr("bug in Tegata"))) << name_of(reason);
  }
  auto old = high_in_ecr();
  old.criteria.max_scan_age = 30min;
  EXPECT_THAT(reasons_of(judged(old, ecr_says(in_ecr({})))), ElementsAre("ScanTooOld"));
}

TEST(AService, ThatCouldNotBeAskedIsUnknownAndSoftenedUnlessWeBroughtItAbout) {
  const std::tuple<ErrorCode, const char*, Decision> errors[] = {
      {ErrorCode::RateLimited, "RegistryRateLimited", Decision::Allow},
      {ErrorCode::OwnRate, "RegistryRateLimited", Decision::Deny},
      {ErrorCode::Unavailable, "RegistryUnreachable", Decision::Allow},
      {ErrorCode::Unauthorized, "RegistryUnauthorized", Decision::Allow},
      {ErrorCode::CutShort, "CheckTimedOut", Decision::Deny}};
  for (const auto& [code, reason, softened] : errors) {
    const auto facts = ecr_says(FactOf<ScanKind>(Unknown{{code, "m"}}));
    const auto verdict = judged(high_in_ecr(), facts);
    EXPECT_THAT(reasons_of(verdict), ElementsAre(reason));
    EXPECT_EQ(verdict.decision, Decision::Deny);
    auto owner = policy({rule("holes", high_in_ecr())});
    owner.costs.on_unknown = Cost::Warn;
    EXPECT_EQ(judge(set(std::vector{owner}), request({pinned_image()}), facts, options()).decision, softened)
        << reason;
  }
  EXPECT_THAT(reasons_of(judged(high_in_ecr(), ecr_says(FactOf<ScanKind>(Absent{})))),
              ElementsAre("ImageNotFound"));
}

TEST(AService, IsUnitedWithAttestations) {
  const auto attestation = [](std::vector<ScanFinding> findings) {
    return facts_of({by(1, {attested(1, scan(std::move(findings)))})});
  };
  const auto both = high_in_ecr({source("scanned", {1})});
  EXPECT_THAT(reasons_of(judged(both, ecr_says(in_ecr({}), attestation({})))), IsEmpty());
  for (const auto& facts : {ecr_says(in_ecr({finding("CVE-1")}), attestation({})),
                            ecr_says(in_ecr({}), attestation({finding("CVE-1")}))})
    EXPECT_THAT(reasons_of(judged(both, facts)), ElementsAre("VulnerabilityTooSevere"));
  auto pending = in_ecr({});
  pending.gap = {Reason::ScanPending, "x"};
  EXPECT_THAT(reasons_of(judged(both, ecr_says(pending, attestation({})))), ElementsAre("ScanPending"));
  const auto any = high_in_ecr({source("scanned", {1})}, Require::Any);
  EXPECT_THAT(reasons_of(judged(any, ecr_says(pending, attestation({})))), IsEmpty());
  EXPECT_THAT(reasons_of(judged(any, ecr_says(pending))), ElementsAre("ScanPending"));
}

TEST(AService, GivesTheTimeThatGraceCountsFrom) {
  auto check = high_in_ecr();
  check.criteria.grace = 168h;
  auto found = finding("CVE-1");
  EXPECT_THAT(reasons_of(judged(check, ecr_says(in_ecr({found})))), ElementsAre("VulnerabilityTooSevere"))
      << "basic scans do not say when: no grace";
  found.first_observed = kNow - 168h + 1ms;
  EXPECT_THAT(reasons_of(judged(check, ecr_says(in_ecr({found})))), IsEmpty());
  found.first_observed = kNow - 168h;
  EXPECT_THAT(reasons_of(judged(check, ecr_says(in_ecr({found})))), ElementsAre("VulnerabilityTooSevere"));
}

}  // namespace
}  // namespace tegata::policy
