// SPDX-License-Identifier: Apache-2.0
// `tag.matchesProvenance`: the commit in the tag is the one that another rule verified.
#include <gmock/gmock.h>
#include <re2/re2.h>

#include "policy/rules/rules.h"
#include "tests/unit/engine/sample.h"

namespace tegata::policy {
namespace {

using namespace sample;
using tegata::testing::digest_of;
using tegata::testing::facts_of;
using tegata::testing::known_image;
using tegata::testing::SignatureForger;
using ::testing::HasSubstr;

const Digest kImage = digest_of(0x11);
const std::string kOther(40, 'b');

TagCheck bound_to(std::variant<SignatureCheck, AttestationCheck> check) {
  auto tags = commit_id_tags();
  tags.provenance =
      std::make_shared<const ProvenanceBinding>(ProvenanceBinding{"signed-by-ci", std::move(check)});
  return tags;
}

SignedStatement statement(std::uint8_t authority = 1) {
  return {.image = kImage, .authority = digest_of(authority), .signer = "ci", .found_in = digest_of(0xfe)};
}
/// By a certificate with those extensions.
SignedStatement certified(std::map<std::string, std::string> extensions) {
  auto signed_by_ci = statement();
  signed_by_ci.identity = CertificateIdentity{"https://issuer", "https://subject", std::move(extensions)};
  return signed_by_ci;
}
SignedStatement attested(PredicateReading reading) {
  auto attestation = statement();
  attestation.predicate_type = kVulnerabilities;
  attestation.predicate = std::move(reading);
  return attestation;
}

SignatureFacts facts(const std::vector<SignedStatement>& statements) {
  AuthorityFacts authority{digest_of(1), {}, {}};
  for (const auto& signed_by_ci : statements)
    authority.verified.push_back(SignatureForger::forge_by(signed_by_ci));
  return facts_of({authority});
}

std::string told(const TagCheck& check, const std::string& image, const SignatureFacts& known) {
  const auto written = reference(image);
  const auto of_image = known_image(written, known, known_tag(kImage));
  const auto findings = judge(check, {written, &of_image, Lookup::Allowed, kNow});
  if (findings.empty()) return "fine";
  const auto& finding = findings.at(0);
  return std::string(name_of(finding_kind_of(finding.reason))) + " " + std::string(name_of(finding.reason)) +
         ": " + finding.found;
}
std::string told_of_tag(const std::string& tag, const std::vector<SignedStatement>& statements) {
  return told(bound_to(signed_by({1})), "h.example/app:" + tag, facts(statements));
}

TEST(BoundTag, IsTheCommitThatTheCertificateNames) {
  EXPECT_EQ(told_of_tag(kCommit, {certified({{"sourceRepositoryDigest", kCommit}})}), "fine");
  EXPECT_EQ(told_of_tag(kCommit, {certified({{"githubWorkflowSHA", kCommit}})}), "fine");
  EXPECT_EQ(told_of_tag(kCommit, {certified({{"sourceRepositoryDigest", kOther}}),
                                  certified({{"sourceRepositoryDigest", kCommit}})}),
            "fine");
}

TEST(BoundTag, MayAbbreviateItsCommitFromTheLeft) {
  EXPECT_EQ(told_of_tag(kCommit.substr(0, 7), {certified({{"sourceRepositoryDigest", kCommit}})}), "fine");
  EXPECT_THAT(told_of_tag(kCommit.substr(1, 7), {certified({{"sourceRepositoryDigest", kCommit}})}),
              HasSubstr("violates TagCommitMismatch: "));
  // A commit that is longer than the one verified is not that one.
  EXPECT_THAT(told_of_tag(kCommit + "0", {certified({{"sourceRepositoryDigest", kCommit}})}),
              HasSubstr("TagCommitMismatch"));
}

TEST(BoundTag, IsRefusedWhereAnotherCommitWasVerified) {
  EXPECT_EQ(told_of_tag(kCommit, {certified({{"sourceRepositoryDigest", kOther}})}),
            "violates TagCommitMismatch: rule signed-by-ci verified " + kOther);
  // The newer extension counts, where both are there.
  EXPECT_THAT(
      told_of_tag(kCommit, {certified({{"sourceRepositoryDigest", kOther}, {"githubWorkflowSHA", kCommit}})}),
      HasSubstr("TagCommitMismatch"));
}

TEST(BoundTag, IsRefusedWhereNoCommitWasVerified) {
  for (const auto& nameless : {statement(), certified({})})
    EXPECT_EQ(told_of_tag(kCommit, {nameless}),
              "violates TagCommitMismatch: no commit in what rule signed-by-ci verified");
}

TEST(BoundTag, HasTheFindingOfItsRuleWhereThatIsNotContent) {
  EXPECT_THAT(told_of_tag(kCommit, {}), HasSubstr("missing SignatureMissing: "));
  auto claims = signed_by({1});
  claims.annotations = {{"env", "prod"}};
  EXPECT_THAT(told(bound_to(claims), "h.example/app:" + kCommit,
                   facts({certified({{"sourceRepositoryDigest", kCommit}})})),
              HasSubstr("SignatureClaimMismatch"));
  auto unknown = facts({});
  unknown.unknown = Error{ErrorCode::RateLimited, "429"};
  EXPECT_THAT(told(bound_to(signed_by({1})), "h.example/app:" + kCommit, unknown),
              HasSubstr("unknown RegistryRateLimited"));
}

TEST(BoundTag, BelievesNoSignatureThatItsRuleDoesNotAccept) {
  auto claims = signed_by({1});
  claims.annotations = {{"env", "prod"}};
  auto accepted = certified({{"sourceRepositoryDigest", kOther}});
  accepted.annotations = claims.annotations;
  const auto refused = certified({{"sourceRepositoryDigest", kCommit}});
  EXPECT_EQ(told(bound_to(claims), "h.example/app:" + kCommit, facts({refused, accepted})),
            "violates TagCommitMismatch: rule signed-by-ci verified " + kOther);
}

TEST(BoundTag, IsTheCommitThatAProvenanceNames) {
  const auto tags = bound_to(attested_by({1}));
  const auto image = "h.example/app:" + kCommit;
  EXPECT_EQ(told(tags, image, facts({attested({.commits = {kOther, kCommit}})})), "fine");
  EXPECT_THAT(told(tags, image, facts({attested({.commits = {kOther}})})), HasSubstr("TagCommitMismatch"));
  EXPECT_THAT(told(tags, image, facts({attested({.mismatch = "level is 1", .commits = {kCommit}})})),
              HasSubstr("AttestationPredicateMismatch"));
  EXPECT_THAT(told(tags, image, facts({attested({.until = kNow, .commits = {kCommit}})})),
              HasSubstr("AttestationPredicateMismatch"));
}

TEST(BoundTag, IsTheGroupOfItsPattern) {
  auto check = bound_to(signed_by({1}));
  check.commit_id = false;
  check.pattern = std::make_shared<const re2::RE2>("\\A(?:v[0-9]+-(?P<commit>[0-9a-f]*))\\z");
  const auto known = facts({certified({{"sourceRepositoryDigest", kCommit}})});
  EXPECT_EQ(told(check, "h.example/app:v1-" + kCommit, known), "fine");
  for (const auto& few : {kCommit.substr(0, 6), std::string()})  // the beginning of too many commits
    EXPECT_THAT(told(check, "h.example/app:v1-" + few, known), HasSubstr("no commit ID of 7 to 64"));
}

TEST(BoundTag, TellsWhichRuleToChange) {
  const auto image = reference("h.example/app:" + kCommit);
  const auto known = known_image(
      image, facts_of({{digest_of(1), {}, {{RejectionReason::OtherSigner, "why", std::nullopt}}}}),
      known_tag(kImage));
  auto check = bound_to(signed_by({1}));
  const auto findings = judge(check, {image, &known, Lookup::Allowed, kNow});
  EXPECT_THAT(findings.at(0).remedy, HasSubstr("add the present signer to rule " + check.provenance->rule));
}

TEST(BoundTag, SaysNothingWithoutATagOrABinding) {
  auto check = bound_to(signed_by({1}));
  check.digest_only = DigestOnly::Allow;
  EXPECT_EQ(told(check, "h.example/app@" + kImage.text(), facts({})), "fine");
  EXPECT_EQ(told(commit_id_tags(), "h.example/app:" + kCommit, facts({})), "fine");
}

/// What the predicate says may be over between verification and judgement: facts are kept.
TEST(ExpiringAttestation, HoldsUntilItsTimeAndNotAtIt) {
  const auto judged = [](std::optional<Time> until) {
    const auto image = reference(pinned_image());
    const auto known = known_image(image, facts({attested({.until = until})}));
    const auto findings = judge(attested_by({1}), {image, &known, Lookup::Allowed, kNow});
    return findings.empty() ? "fine" : std::string(name_of(findings[0].reason)) + ": " + findings[0].found;
  };
  EXPECT_EQ(judged(std::nullopt), "fine");
  EXPECT_EQ(judged(kNow + std::chrono::milliseconds(1)), "fine");
  EXPECT_THAT(judged(kNow), HasSubstr("AttestationPredicateMismatch: "));
  EXPECT_THAT(judged(kNow - std::chrono::hours(1)), HasSubstr("it has expired"));
}

TEST(PlanOfBoundTag, AsksWhatTheRuleAsksThatItIsBoundTo) {
  const auto attestation = attested_by({1});
  for (const auto& check : {Check(bound_to(attestation)), Check(attestation)}) {
    const auto asked = plan(set(rule("r", check)), request({"h.example/app:" + kCommit}), kNow);
    ASSERT_EQ(asked.images.size(), 1U);
    EXPECT_TRUE(asked.images[0].questions.asks<TagKind>());
    ASSERT_EQ(asked.images[0].questions.of<SignatureKind>().size(), 1U);
    EXPECT_EQ(asked.images[0].questions.of<SignatureKind>()[0].united()->id, attestation.trust->id);
  }
  auto elsewhere = attestation;
  elsewhere.repository = *Repository::parse("sigs.example/all");
  const auto asked = plan(set(rule("r", bound_to(elsewhere))), request({"h.example/app:" + kCommit}), kNow);
  EXPECT_EQ(asked.images.at(0).questions.of<SignatureKind>().at(0).repository.text(), "sigs.example/all");
}

TEST(PlanOfAttestations, ReachesForThemOnlyWhereSomebodyAsksOrObserves) {
  auto authority = tegata::testing::authority_of(1);
  authority.attestation = PredicateDemand{kVulnerabilities};
  auto attestation = attested_by({});
  attestation.trust = TrustSettings::of({authority});
  const auto reach = [](const EvidencePlan& asked) {
    return asked.images.at(0).questions.of<SignatureKind>().at(0).united()->reach;
  };
  const auto pod = request({pinned_image()});
  EXPECT_EQ(reach(plan(set(rule("a", attestation)), pod, kNow)), Reach::SignaturesAndAttestations);
  EXPECT_EQ(reach(plan(set(rule("s", signed_by({1}))), pod, kNow)), Reach::Signatures);
  EXPECT_EQ(reach(plan_observing(set(rule("s", signed_by({1}))), pod, kNow)),
            Reach::SignaturesAndAttestations);
  const auto both = set(std::vector{policy({rule("s", signed_by({1})), rule("a", attestation)})});
  EXPECT_EQ(reach(plan(both, pod, kNow)), Reach::SignaturesAndAttestations);
  EXPECT_EQ(plan(both, pod, kNow).images.at(0).questions.of<SignatureKind>().size(), 1U);
}

}  // namespace
}  // namespace tegata::policy
