// SPDX-License-Identifier: Apache-2.0
// The rule `vulnerabilities` over the reports of attestations: which count, which are missing or unknown,
// what several sources say together, and what exemptions lift.
#include <gmock/gmock.h>

#include "policy/model/limits.h"
#include "policy/model/scan_facts.h"
#include "policy/rules/attested_scans.h"
#include "tests/unit/engine/scanned.h"

namespace tegata::policy {
namespace {

using namespace sample;
using namespace scanned;
using namespace std::chrono_literals;
using tegata::testing::digest_of;
using tegata::testing::facts_of;
using tegata::testing::known_image;
using tegata::testing::SignatureForger;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Require = VulnerabilitiesCheck::Require;

TEST(Vulnerabilities, AreFoundInTheReportOfAnAcceptedAttestation) {
  const auto check = high({source("scanned", {1})});
  EXPECT_THAT(reasons(check, facts_of({by(1, {attested(1, scan({}))})})), IsEmpty());
  EXPECT_THAT(reasons(check, facts_of({by(1, {attested(1, scan({finding("CVE-1", Severity::Medium)}))})})),
              IsEmpty());
  const auto verdict =
      judged(check, gathered(facts_of({by(1, {attested(1, scan({finding("CVE-1"), finding("CVE-2")}))})})));
  EXPECT_EQ(verdict.decision, Decision::Deny);
  ASSERT_THAT(verdict.findings, SizeIs(1));
  EXPECT_EQ(verdict.findings[0].reason, Reason::VulnerabilityTooSevere);
  EXPECT_EQ(verdict.findings[0].kind, FindingKind::Violates);
  EXPECT_THAT(verdict.findings[0].found, HasSubstr("CVE-1 (HIGH) in openssl 1"));
}

TEST(Vulnerabilities, AskWhatTheirSourcesAsk) {
  const auto planned =
      plan(set(rule("holes", high({source("scanned", {1})}))), request({pinned_image()}), kNow);
  ASSERT_THAT(planned.images, SizeIs(1));
  EXPECT_TRUE(planned.images[0].questions.asks<SignatureKind>());
  const auto by_tag =
      plan(set(rule("holes", high({source("scanned", {1})}))), request({"h.example/app:1"}), kNow);
  EXPECT_TRUE(by_tag.images[0].questions.asks<TagKind>());
}

TEST(Vulnerabilities, OfAnImageWithoutAnAcceptedScanAreMissingNotAbsent) {
  const auto check = high({source("scanned", {1})});
  EXPECT_THAT(reasons(check, facts_of({by(1, {})})), ElementsAre("ScanMissing"));
  EXPECT_THAT(reasons(check, facts_of({by(1, {attested(1, scan({}), "not as asked")})})),
              ElementsAre("ScanMissing"));
  auto unread = attested(1, scan({}));
  unread = SignatureForger::forge_by({.image = kImage,
                                      .authority = digest_of(1),
                                      .signer = "s",
                                      .found_in = digest_of(0xfe),
                                      .predicate_type = kVulnerabilities});
  EXPECT_THAT(reasons(check, facts_of({by(1, {unread})})), ElementsAre("ScanMissing"));
  AuthorityFacts other{digest_of(1), {}, {{RejectionReason::OtherSigner, "not by this key", std::nullopt}}};
  const auto verdict = judged(check, gathered(facts_of({other})));
  EXPECT_THAT(reasons_of(verdict), ElementsAre("ScanMissing"));
  EXPECT_EQ(verdict.findings[0].kind, FindingKind::Missing);
  EXPECT_THAT(verdict.findings[0].found, HasSubstr("rule scanned accepts none"));
}

TEST(Vulnerabilities, ThatOtherCandidatesMayHideAreAViolation) {
  const auto check = high({source("scanned", {1})});
  for (auto facts : {facts_of({by(1, {})}), facts_of({by(1, {attested(1, scan({}))})})}) {
    facts.too_many = true;
    EXPECT_THAT(reasons(check, facts), ElementsAre("TooManyCandidates"));
    EXPECT_THAT(reasons(high({source("scanned", {1})}, Require::Any), facts),
                ElementsAre("TooManyCandidates"));
  }
}

TEST(Vulnerabilities, InACandidateThatCouldNotBeReadAreUnknownAndThoseInOthersAreFound) {
  const auto check = high({source("scanned", {1})});
  auto clean = facts_of({by(1, {attested(1, scan({}))})});
  clean.unknown = Error{ErrorCode::Unavailable, "no answer"};
  EXPECT_THAT(reasons(check, clean), ElementsAre("RegistryUnreachable")) << "a newer one may be there";
  auto bad = facts_of({by(1, {attested(1, scan({finding("CVE-1")}))})});
  bad.unknown = clean.unknown;
  EXPECT_THAT(reasons(check, bad), ElementsAre("RegistryUnreachable", "VulnerabilityTooSevere"));
}

TEST(Vulnerabilities, MayBeInAnAttestationThatIsTooLargeOrAbsent) {
  auto owner = policy({rule("holes", high({source("scanned", {1})}))});
  owner.costs.on_unknown = owner.costs.on_missing = Cost::Warn;
  for (const auto reason : {RejectionReason::TooLarge, RejectionReason::ContentAbsent})
    for (const auto& verified : {std::vector<VerifiedSignature>{}, {attested(1, scan({}))}}) {
      const auto facts = facts_of({{digest_of(1), verified, {{reason, "x", std::nullopt}}}});
      const auto verdict =
          judge(set(std::vector{owner}), request({pinned_image()}), gathered(facts), options());
      EXPECT_THAT(reasons_of(verdict), ElementsAre("ScanUnavailable"));
      EXPECT_EQ(verdict.decision, Decision::Deny)
          << "whoever builds the image chooses how large its report is";
    }
  const auto of_another_rule =
      facts_of({by(1, {attested(1, scan({}))}), {digest_of(2), {}, {{RejectionReason::TooLarge, "x", {}}}}});
  EXPECT_THAT(reasons(high({source("scanned", {1})}), of_another_rule), IsEmpty());
}

TEST(Vulnerabilities, ThatCouldNotBeLookedUpAreUnknown) {
  const auto check = high({source("scanned", {1})});
  auto facts = facts_of({by(1, {})});
  facts.unknown = Error{ErrorCode::Unavailable, "no answer"};
  const auto verdict = judged(check, gathered(facts));
  EXPECT_THAT(reasons_of(verdict), ElementsAre("RegistryUnreachable"));
  EXPECT_EQ(verdict.findings[0].kind, FindingKind::Unknown);
  EXPECT_THAT(reasons_of(judged(check, {})), ElementsAre("InternalError"));
}

TEST(Vulnerabilities, OfAReportWithAGapHaveTheReasonOfTheGap) {
  const auto check = high({source("scanned", {1})});
  const std::pair<Reason, FindingKind> gaps[] = {
      {Reason::ScanMissing, FindingKind::Missing},   {Reason::ScanUnsupported, FindingKind::Missing},
      {Reason::ScanExpired, FindingKind::Missing},   {Reason::ScanTooOld, FindingKind::Missing},
      {Reason::ImageArchived, FindingKind::Missing}, {Reason::ScanPending, FindingKind::Unknown},
      {Reason::ScanFailed, FindingKind::Unknown},    {Reason::ScanUnavailable, FindingKind::Unknown}};
  for (const auto& [reason, kind] : gaps) {
    auto report = scan({});
    report.gap = {reason, "why"};
    const auto verdict = judged(check, gathered(facts_of({by(1, {attested(1, report)})})));
    ASSERT_THAT(verdict.findings, SizeIs(1)) << name_of(reason);
    EXPECT_EQ(verdict.findings[0].reason, reason);
    EXPECT_EQ(verdict.findings[0].kind, kind) << name_of(reason);
  }
}

TEST(Vulnerabilities, AreThoseOfTheNewestReport) {
  const auto check = high({source("scanned", {1})});
  const auto old = attested(1, scan({finding("CVE-1")}, kNow - 48h));
  const auto fresh = attested(1, scan({}, kNow - 1h));
  EXPECT_THAT(reasons(check, facts_of({by(1, {old, fresh})})), IsEmpty());
  EXPECT_THAT(reasons(check, facts_of({by(1, {fresh, old})})), IsEmpty());
  auto unreadable = scan({}, kNow - 1min);
  unreadable.gap = {Reason::ScanUnavailable, "x"};
  EXPECT_THAT(reasons(check, facts_of({by(1, {fresh, attested(1, unreadable)})})),
              ElementsAre("ScanUnavailable"));
}

/// Of a report that cannot be read, the scanner is not known.
ScanReport unreadable(std::optional<Time> at) {
  auto report = scan({}, kNow, "");
  report.scanned_at = at;
  report.gap = {Reason::ScanUnavailable, "the predicate has no scanner.result"};
  return report;
}

TEST(Vulnerabilities, AreNotThoseOfAnOlderReportThanOneThatCannotBeRead) {
  const auto check = high({source("scanned", {1})});
  const auto clean = attested(1, scan({}, kNow - 2h));
  for (const auto at : {std::optional(kNow - 1h), std::optional(kNow - 2h), std::optional<Time>()})
    EXPECT_THAT(reasons(check, facts_of({by(1, {clean, attested(1, unreadable(at))})})),
                ElementsAre("ScanUnavailable"));
  EXPECT_THAT(reasons(check, facts_of({by(1, {clean, attested(1, unreadable(kNow - 3h))})})), IsEmpty());
  const auto any = high({source("a", {1}), source("b", {2})}, Require::Any);
  EXPECT_THAT(reasons(any, facts_of({by(1, {clean}), by(2, {attested(2, unreadable(kNow - 1h))})})),
              IsEmpty());
}

TEST(Vulnerabilities, ThatCannotBeReadAreDeniedWhateverOnUnknownSays) {
  auto owner = policy({rule("holes", high({source("scanned", {1})}))});
  owner.costs.on_unknown = Cost::Warn;
  const auto facts = gathered(facts_of({by(1, {attested(1, unreadable(kNow))})}));
  EXPECT_EQ(judge(set(std::vector{owner}), request({pinned_image()}), facts, options()).decision,
            Decision::Deny);
}

TEST(Vulnerabilities, OfAnotherScannerOrSignerCountToo) {
  const auto check = high({source("scanned", {1})});
  const auto trivy = attested(1, scan({}, kNow - 1h));
  const auto grype = attested(1, scan({finding("CVE-1")}, kNow - 2h, "Grype 0.1"));
  EXPECT_THAT(reasons(check, facts_of({by(1, {trivy, grype})})), ElementsAre("VulnerabilityTooSevere"));
  const auto newer_version = attested(1, scan({}, kNow - 1h, "Grype 0.2"));
  EXPECT_THAT(reasons(check, facts_of({by(1, {trivy, grype, newer_version})})), IsEmpty());

  auto both = high({source("scanned", {1, 2})});
  const auto second = attested(2, scan({finding("CVE-1")}, kNow - 3h));
  EXPECT_THAT(reasons(both, facts_of({by(1, {trivy}), by(2, {second})})),
              ElementsAre("VulnerabilityTooSevere"));
}

TEST(MaxScanAge, MakesAnOldScanMissingAndHoldsForEverySigner) {
  auto check = high({source("scanned", {1, 2})});
  check.criteria.max_scan_age = 72h;
  const auto first = attested(1, scan({}, kNow - 72h));
  const auto facts = facts_of({by(1, {first}), by(2, {attested(2, scan({}, kNow - 1h))})});
  EXPECT_THAT(reasons(check, facts), IsEmpty());
  EXPECT_THAT(reasons(check, facts, kNow + 1ms), ElementsAre("ScanTooOld"));
}

TEST(Grace, IsCountedFromTheFirstAttestedScanThatHasTheFinding) {
  auto check = high({source("scanned", {1})});
  check.criteria.grace = 168h;
  const auto first = attested(1, scan({finding("CVE-1")}, kNow - 168h));
  const auto again = attested(1, scan({finding("CVE-1")}, kNow - 1h));
  EXPECT_THAT(reasons(check, facts_of({by(1, {first, again})})), ElementsAre("VulnerabilityTooSevere"));
  EXPECT_THAT(reasons(check, facts_of({by(1, {first, again})}), kNow - 1ms), IsEmpty());
  EXPECT_THAT(reasons(check, facts_of({by(1, {again})})), IsEmpty()) << "just found";
  const auto elsewhere = attested(1, scan({finding("CVE-2")}, kNow - 300h));
  EXPECT_THAT(reasons(check, facts_of({by(1, {elsewhere, again})})), IsEmpty());
}

TEST(Require, AllSourcesOrAnyOfThem) {
  const auto two = {source("ci", {1}), source("nightly", {2})};
  const auto clean = by(1, {attested(1, scan({}))});
  const auto facts = [&](std::vector<VerifiedSignature> nightly) {
    return facts_of({clean, by(2, std::move(nightly))});
  };
  EXPECT_THAT(reasons(high(two), facts({})), ElementsAre("ScanMissing"));
  EXPECT_THAT(reasons(high(two, Require::Any), facts({})), IsEmpty());
  const auto bad = attested(2, scan({finding("CVE-1")}));
  EXPECT_THAT(reasons(high(two), facts({bad})), ElementsAre("VulnerabilityTooSevere"));
  EXPECT_THAT(reasons(high(two, Require::Any), facts({bad})), ElementsAre("VulnerabilityTooSevere"));
  EXPECT_THAT(reasons(high(two), facts_of({by(1, {}), by(2, {bad})})),
              ElementsAre("ScanMissing", "VulnerabilityTooSevere"));
}

TEST(Require, AnyIsUnknownWhereOneMayAnswerLaterAndMissingWhereNoneWill) {
  const auto two = {source("ci", {1}), source("nightly", {2})};
  EXPECT_THAT(reasons(high(two, Require::Any), facts_of({by(1, {}), by(2, {})})), ElementsAre("ScanMissing"));
  auto failed = scan({});
  failed.gap = {Reason::ScanFailed, "x"};
  EXPECT_THAT(reasons(high(two, Require::Any), facts_of({by(1, {}), by(2, {attested(2, failed)})})),
              ElementsAre("ScanFailed"));
  EXPECT_THAT(reasons(high(two), facts_of({by(1, {}), by(2, {attested(2, failed)})})),
              ElementsAre("ScanFailed", "ScanMissing"));
}

TEST(Sources, AreUnitedAndTheHighestSeverityWins) {
  auto check = high({source("ci", {1}), source("nightly", {2})});
  check.criteria.fail_at = Severity::Critical;
  const auto facts = facts_of({by(1, {attested(1, scan({finding("CVE-1", Severity::Low)}))}),
                               by(2, {attested(2, scan({finding("CVE-1", Severity::Critical)}))})});
  const auto verdict = judged(check, gathered(facts));
  ASSERT_THAT(verdict.findings, SizeIs(1));
  EXPECT_THAT(verdict.findings[0].found, HasSubstr("1 vulnerability: CVE-1 (CRITICAL)"));
}

TEST(AReportByFile, TakesThePlaceOfTheSources) {
  const auto check = high({source("scanned", {1})});
  auto facts = known_image(reference(pinned_image()), facts_of({by(1, {})}));
  facts.facts.add<ScanKind>({ScanSource::File}, testing::known_fact<ScanKind>(scan({finding("CVE-1")})));
  EXPECT_THAT(reasons_of(judged(check, {{facts}})), ElementsAre("VulnerabilityTooSevere"));
  auto clean = known_image(reference(pinned_image()), facts_of({by(1, {})}));
  clean.facts.add<ScanKind>({ScanSource::File}, testing::known_fact<ScanKind>(scan({})));
  EXPECT_THAT(reasons_of(judged(check, {{clean}})), IsEmpty());
  auto absent = known_image(reference(pinned_image()), facts_of({by(1, {})}));
  absent.facts.add<ScanKind>({ScanSource::File}, Absent{});
  EXPECT_THAT(reasons_of(judged(check, {{absent}})), ElementsAre("ScanMissing")) << "the sources are asked";
}

Exemption lifting(std::vector<std::string> ids) {
  auto exempted = exemption({"holes"}, {glob("**")});
  exempted.vulnerabilities = std::move(ids);
  return exempted;
}

TEST(ExemptedVulnerabilities, AreOverlookedReportedAndNothingElse) {
  const auto check = high({source("scanned", {1})});
  const auto facts = gathered(facts_of({by(1, {attested(1, scan({finding("CVE-1"), finding("CVE-2")}))})}));
  const auto one = judged(check, facts, kNow, {lifting({"CVE-1"})});
  ASSERT_THAT(one.findings, SizeIs(1));
  EXPECT_THAT(one.findings[0].found, HasSubstr("1 vulnerability: CVE-2"));
  ASSERT_THAT(one.exemptions, SizeIs(1));
  EXPECT_EQ(one.exemptions[0].rule, "holes");
  EXPECT_EQ(one.exemptions[0].owner, "team-pay");
  EXPECT_THAT(one.exemptions[0].vulnerabilities, ElementsAre("CVE-1"));

  const auto both = judged(check, facts, kNow, {lifting({"CVE-1", "CVE-2"})});
  EXPECT_THAT(both.findings, IsEmpty());
  EXPECT_EQ(both.decision, Decision::Allow);
  EXPECT_THAT(judged(check, facts, kNow, {lifting({"CVE-1"}), lifting({"CVE-2"})}).findings, IsEmpty());

  const auto other = judged(check, facts, kNow, {lifting({"CVE-3"})});
  EXPECT_THAT(other.findings, SizeIs(1));
  EXPECT_THAT(other.exemptions, IsEmpty()) << "it was not used";
}

TEST(ExemptedVulnerabilities, AreToldOnceOfAnImageThatManyContainersName) {
  auto owner = policy({rule("holes", high({source("scanned", {1})}))});
  owner.exemptions = {lifting({"CVE-1"}), lifting({"CVE-9"})};
  const auto facts = gathered(facts_of({by(1, {attested(1, scan({finding("CVE-1"), finding("CVE-2")}))})}));
  const auto verdict = judge(set(std::vector{owner}),
                             request({pinned_image(), pinned_image(), pinned_image()}), facts, options());
  ASSERT_THAT(verdict.findings, SizeIs(3)) << "one for each container";
  for (const auto& found : verdict.findings) EXPECT_THAT(found.found, HasSubstr("1 vulnerability: CVE-2"));
  ASSERT_THAT(verdict.exemptions, SizeIs(1));
  EXPECT_THAT(verdict.exemptions[0].vulnerabilities, ElementsAre("CVE-1"));
}

TEST(ExemptedVulnerabilities, OfAnotherListDoNotLiftSeveralCves) {
  auto advisory = finding("ALAS-2026-1");
  advisory.aliases = {"GHSA-aaaa-bbbb-cccc", "CVE-2026-1", "CVE-2026-2"};
  const auto check = high({source("scanned", {1})});
  const auto facts = gathered(facts_of({by(1, {attested(1, scan({advisory}))})}));
  EXPECT_THAT(reasons_of(judged(check, facts, kNow, {lifting({"GHSA-aaaa-bbbb-cccc"})})),
              ElementsAre("VulnerabilityTooSevere"));
  EXPECT_THAT(reasons_of(judged(check, facts, kNow, {lifting({"CVE-2026-1", "CVE-2026-2"})})), IsEmpty());
}

TEST(ExemptedVulnerabilities, CountAgainWhenTheExemptionEnds) {
  const auto check = high({source("scanned", {1})});
  const auto lifted = lifting({"CVE-1"});
  const auto facts = gathered(facts_of({by(1, {attested(1, scan({finding("CVE-1")}))})}));
  const auto last = judged(check, facts, lifted.ends - 1ms, {lifted});
  EXPECT_THAT(last.findings, IsEmpty());
  EXPECT_THAT(last.warnings, ElementsAre(HasSubstr("ends after 2027-01-31")));
  EXPECT_THAT(judged(check, facts, lifted.ends, {lifted}).findings, SizeIs(1));
}

TEST(ExemptedVulnerabilities, DoNotMakeUpForAScanThatIsMissing) {
  const auto check = high({source("scanned", {1})});
  EXPECT_THAT(reasons_of(judged(check, gathered(facts_of({by(1, {})})), kNow, {lifting({"CVE-1"})})),
              ElementsAre("ScanMissing"));
}

TEST(ScanSufficiency, IsThatNothingCountsNowAndAsLongAsFactsAreKept) {
  VulnerabilityCriteria criteria;
  criteria.fail_at = Severity::High;
  const auto scans = source("scanned", {1});
  const auto suffices = [&](SignatureFacts facts) {
    facts.verified_at = kNow;
    return TrustSettings::of(scans.by.trust->authorities, sufficiency_of(criteria, scans))
        ->suffices(kImage, facts);
  };
  EXPECT_TRUE(suffices(facts_of({by(1, {attested(1, scan({}))})})));
  EXPECT_FALSE(suffices(facts_of({by(1, {attested(1, scan({finding("CVE-1")}))})})));
  EXPECT_FALSE(suffices(facts_of({by(1, {})})));
  auto hidden = facts_of({by(1, {attested(1, scan({}))})});
  hidden.too_many = true;
  EXPECT_FALSE(suffices(hidden));

  criteria.max_scan_age = 72h;
  EXPECT_TRUE(suffices(facts_of({by(1, {attested(1, scan({}, kNow - 72h + limits::kVerifiedLifetime))})})));
  EXPECT_FALSE(
      suffices(facts_of({by(1, {attested(1, scan({}, kNow - 72h + limits::kVerifiedLifetime - 1ms))})})));
  criteria.max_scan_age.reset();
  criteria.grace = 168h;
  const auto found_at = [&](Time at) {
    return facts_of({by(1, {attested(1, scan({finding("CVE-1")}, at))})});
  };
  EXPECT_TRUE(suffices(found_at(kNow - 168h + limits::kVerifiedLifetime + 1ms)));
  EXPECT_FALSE(suffices(found_at(kNow - 168h + limits::kVerifiedLifetime)));
}

TEST(ReadingScans, AddsTheReportToWhatTheRuleReads) {
  AttestationCheck check = attested_by({1});
  auto authorities = check.trust->authorities;
  authorities[0].attestation = PredicateDemand{kVulnerabilities};
  check.trust = TrustSettings::of(authorities);
  EXPECT_FALSE(reads_scans(check));
  const auto reading = reading_scans(check);
  EXPECT_TRUE(reads_scans(reading));
  const auto& authority = reading.trust->authorities[0];
  EXPECT_NE(authority.id, authorities[0].id);
  const auto read = authority.attestation->read(Value{}, kNow);
  ASSERT_NE(read.scan, nullptr);
  EXPECT_EQ(read.scan->gap->reason, Reason::ScanUnavailable);
  EXPECT_EQ(read.scan->source, ScanSource::Attestation);
}

}  // namespace
}  // namespace tegata::policy
