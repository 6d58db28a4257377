// SPDX-License-Identifier: Apache-2.0
// What a document that loads becomes.
#include <gmock/gmock.h>
#include <re2/re2.h>

#include "tests/unit/document/documents.h"

namespace tegata::policy {
namespace {

using ::testing::ElementsAre;

PolicySet loaded(const std::string& text) {
  auto result = testing::load_text(text);
  EXPECT_TRUE(result.policies) << testing::all_errors(result);
  return result.policies ? *std::move(result.policies) : PolicySet{};
}

PolicySet everything() { return loaded(std::string(testing::valid_documents()[1].text)); }

PolicySet with_rule(const std::string& check) {
  return loaded(std::string(testing::kHead) + "  rules: [{name: r, " + check + "}]\n");
}

template <typename T>
const T& only_check(const PolicySet& set) {
  return std::get<T>(set.policies.at(0).rules.at(0).check);
}

std::vector<std::string> texts_of(const std::vector<ImageGlob>& globs) {
  std::vector<std::string> texts;
  for (const auto& glob : globs) texts.push_back(glob.text());
  return texts;
}

TEST(LoadedPolicy, LeavesUnsaidWhatTheDocumentLeavesUnsaid) {
  const auto set = with_rule("digest: required");
  const auto& policy = set.policies.at(0);
  EXPECT_EQ(policy.name, "production");
  EXPECT_FALSE(policy.match);
  EXPECT_FALSE(policy.costs.enforcement || policy.costs.on_missing || policy.costs.on_unknown);
  EXPECT_FALSE(policy.rules[0].costs.enforcement || policy.rules[0].costs.on_missing);
  EXPECT_TRUE(policy.rules[0].images.empty());
  EXPECT_EQ(set.hash, "");
  EXPECT_TRUE(set.authorities.empty());
}

TEST(LoadedPolicy, HasTheCostsOfPolicyAndRule) {
  const auto set = everything();
  const auto& policy = set.policies.at(0);
  EXPECT_EQ(policy.costs.enforcement, Enforcement::Warn);
  EXPECT_EQ(policy.costs.on_missing, Cost::DryRun);
  EXPECT_EQ(policy.costs.on_unknown, Cost::Allow);
  EXPECT_EQ(policy.rules[1].costs.enforcement, Enforcement::Deny);
  EXPECT_EQ(policy.rules[1].costs.on_missing, Cost::Warn);
  EXPECT_EQ(policy.rules[1].costs.on_unknown, Cost::DryRun);
  EXPECT_EQ(policy.rules[1].mark.line, 14);
  EXPECT_EQ(policy.rules[1].mark.column, 7);
}

TEST(LoadedPolicy, HasTheMatchOfBothPlatforms) {
  const auto set = everything();
  const auto& match = set.policies.at(0).match;
  ASSERT_TRUE(match && match->kubernetes && match->ecs);
  EXPECT_THAT(match->kubernetes->namespaces, ElementsAre("prod-*", "web"));
  EXPECT_THAT(match->kubernetes->exclude_namespaces, ElementsAre("prod-sandbox"));
  EXPECT_THAT(match->ecs->accounts, ElementsAre("111122223333"));
  EXPECT_THAT(match->ecs->clusters, ElementsAre("prod-*", "Main_2"));
}

TEST(LoadedPolicy, HasNoBlockForAPlatformThatMatchLeavesOut) {
  const auto set =
      loaded(std::string(testing::kHead) + "  match: {kubernetes: {}}\n" + std::string(testing::kRules));
  ASSERT_TRUE(set.policies[0].match);
  EXPECT_TRUE(set.policies[0].match->kubernetes);
  EXPECT_FALSE(set.policies[0].match->ecs);
}

TEST(LoadedPolicy, HasTheImageGlobsAsWritten) {
  const auto set = everything();
  EXPECT_THAT(texts_of(std::get<AllowedRegistries>(set.policies[0].rules[0].check).globs),
              ElementsAre("111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/**"));
  EXPECT_THAT(texts_of(set.policies[0].rules[1].images), ElementsAre("registry.example.com/**"));
}

TEST(LoadedPolicy, HasTheTagCheck) {
  const auto set = everything();
  const auto& tag = std::get<TagCheck>(set.policies[0].rules[1].check);
  EXPECT_TRUE(tag.commit_id);
  EXPECT_EQ(tag.min_length, 40U);
  EXPECT_EQ(tag.digest_only, DigestOnly::Allow);
  EXPECT_EQ(tag.pattern_text, "[0-9a-f]+");
  const auto least_set = with_rule("tag: {format: commitId}");
  const auto& least = only_check<TagCheck>(least_set);
  EXPECT_EQ(least.min_length, 7U);
  EXPECT_EQ(least.digest_only, DigestOnly::Deny);
  EXPECT_EQ(least.pattern, nullptr);
  const auto pattern_set = with_rule("tag: {pattern: x}");
  EXPECT_FALSE(only_check<TagCheck>(pattern_set).commit_id);
}

TEST(LoadedPolicy, HasWhoseWordTheCommitIs) {
  const auto label = with_rule("tag: {format: commitId, commitFrom: label}");
  EXPECT_EQ(only_check<TagCheck>(label).commit_from, CommitFrom::Label);
  const auto none = with_rule("tag: {format: commitId}");
  EXPECT_EQ(only_check<TagCheck>(none).commit_from, CommitFrom::Provenance);
  const auto group = with_rule("tag: {pattern: \"v-(?P<commit>[0-9a-f]+)\", commitFrom: label}");
  EXPECT_EQ(only_check<TagCheck>(group).commit_from, CommitFrom::Label);
}

TEST(LoadedPolicy, HasWhoHoldsTheTags) {
  const auto held = with_rule("tag: {immutable: registry}");
  EXPECT_EQ(only_check<TagCheck>(held).immutable, TagImmutable::Registry);
  const auto free = with_rule("tag: {format: commitId}");
  EXPECT_EQ(only_check<TagCheck>(free).immutable, TagImmutable::NotRequired);
}

TEST(LoadedPolicy, HasTheBaseImageCheck) {
  const std::string one = "sha256:" + std::string(64, '0');
  const std::string two = "sha256:" + std::string(64, '1');
  const auto set = with_rule("baseImage: {digests: [\"" + one + "\", \"" + two + "\"]}");
  const auto& digests = only_check<BaseImageCheck>(set).digests;
  ASSERT_EQ(digests.size(), 2U);
  EXPECT_EQ(digests[0].text(), one);
  EXPECT_EQ(digests[1].text(), two);
}

TEST(LoadedPolicy, HasTheListOfDeniedDigests) {
  const auto set = with_rule("denied: {file: denied.txt}");
  const auto& check = only_check<DeniedCheck>(set);
  EXPECT_EQ(check.file, "denied.txt");
  EXPECT_TRUE(check.list->contains(Digest(Digest::Bytes{})));
}

TEST(LoadedPolicy, HasTheWordsOfTheImageConfig) {
  const auto all =
      with_rule("imageConfig: {user: nonRoot, secrets: deny, healthcheck: required, addFromUrl: deny}");
  const auto& check = only_check<ImageConfigCheck>(all);
  EXPECT_TRUE(check.non_root && check.no_secrets && check.healthcheck && check.no_add_from_url);
  const auto one = with_rule("imageConfig: {healthcheck: required}");
  const auto& healthy = only_check<ImageConfigCheck>(one);
  EXPECT_TRUE(healthy.healthcheck && !healthy.non_root && !healthy.no_secrets && !healthy.no_add_from_url);
}

TEST(LoadedPolicy, HasTheAgeOfAnImage) {
  struct Row {
    std::string text;
    std::chrono::seconds age;
  };
  for (const auto& row : {Row{"1s", std::chrono::seconds(1)}, Row{"90m", std::chrono::minutes(90)},
                          Row{"720h", std::chrono::hours(720)}, Row{"3650d", std::chrono::days(3650)}}) {
    const auto set = with_rule("age: {maxSinceBuild: " + row.text + "}");
    EXPECT_EQ(only_check<AgeCheck>(set).since_build, row.age);
    EXPECT_EQ(only_check<AgeCheck>(set).since_build_text, row.text);
  }
}

TEST(LoadedPolicy, AnchorsThePatternOfATagAtBothEnds) {
  const auto set = with_rule("tag: {pattern: \"a|b\"}");
  const auto& pattern = *only_check<TagCheck>(set).pattern;
  EXPECT_TRUE(re2::RE2::PartialMatch("a", pattern));
  EXPECT_TRUE(re2::RE2::PartialMatch("b", pattern));
  for (const auto* other : {"ab", "xb", "ax", "a\n", "\nb", ""})
    EXPECT_FALSE(re2::RE2::PartialMatch(other, pattern));
}

TEST(LoadedPolicy, HasTheSignatureCheckAndItsKeysByAbsolutePaths) {
  const auto set = everything();
  const auto& check = std::get<SignatureCheck>(set.policies[0].rules[3].check);
  EXPECT_EQ(check.combine, SignatureCheck::Combine::AnyOf);
  ASSERT_EQ(check.trust->authorities.size(), 2U);
  EXPECT_EQ(check.trust->authorities[0].name, "/etc/tegata/keys/ci.pub");
  EXPECT_EQ(check.trust->authorities[1].name, "keys/qa.pub");
  EXPECT_THAT(check.annotations, ElementsAre(::testing::Pair("env", "prod"), ::testing::Pair("team", "pay")));
  ASSERT_TRUE(check.identity && check.repository);
  EXPECT_EQ(check.identity->text(), "registry.example.com/**");
  EXPECT_EQ(check.repository->text(), "registry.example.com/signatures");
}

TEST(LoadedPolicy, CombinesAuthoritiesAsWritten) {
  const std::string two = "[{key: {file: keys/ci.pub}}, {key: {file: keys/qa.pub}}]";
  const auto all = with_rule("signature: {allOf: " + two + "}");
  EXPECT_EQ(only_check<SignatureCheck>(all).combine, SignatureCheck::Combine::AllOf);
  const auto some = with_rule("signature: {threshold: 2, of: " + two + "}");
  EXPECT_EQ(only_check<SignatureCheck>(some).combine, SignatureCheck::Combine::Threshold);
  EXPECT_EQ(only_check<SignatureCheck>(some).threshold, 2U);
  EXPECT_EQ(only_check<SignatureCheck>(some).trust->authorities.size(), 2U);
}

TEST(LoadedPolicy, CountsAKeyOnceHoweverOftenItIsWritten) {
  const auto set =
      with_rule("signature: {allOf: [{key: {file: keys/ci.pub}}, {key: {file: keys/ci-again.pub}}]}");
  EXPECT_EQ(only_check<SignatureCheck>(set).trust->authorities.size(), 1U);
  EXPECT_EQ(set.authorities.size(), 1U);
}

TEST(LoadedPolicy, CollectsTheAuthoritiesOfAllRulesAndPolicies) {
  const auto signed_by = [](const std::string& name, const std::string& key) {
    return "apiVersion: tegata.dev/v1alpha1\nkind: DeploymentPolicy\nmetadata: {name: " + name +
           "}\nspec: {rules: [{name: a, signature: {anyOf: [{key: {file: keys/" + key + ".pub}}]}}]}\n";
  };
  const auto set =
      loaded(signed_by("a", "ci") + "---\n" + signed_by("b", "qa") + "---\n" + signed_by("c", "ci-again"));
  EXPECT_EQ(set.policies.size(), 3U);
  EXPECT_EQ(set.authorities.size(), 2U);
}

TEST(LoadedPolicy, AsksForKeysRelativeToTheFolderOfTheirDocument) {
  std::vector<std::string> asked;
  struct Asked final : testing::TestTrust {
    explicit Asked(std::vector<std::string>& into) : paths(into) {}
    Result<KeyId> key(const std::string& path) override {
      paths.push_back(path);
      return KeyId(Digest::Bytes{});
    }
    std::vector<std::string>& paths;
  } keys(asked);
  const std::string text =
      std::string(testing::kHead) +
      "  rules: [{name: a, signature: {anyOf: [{key: {file: a.pub}}, {key: {file: /b.pub}}]}}]\n";
  for (const auto* folder : {"/etc", "/etc/", ""}) EXPECT_TRUE(load({{"p", folder, text}}, keys).policies);
  EXPECT_THAT(asked, ElementsAre("/etc/a.pub", "/b.pub", "/etc/a.pub", "/b.pub", "a.pub", "/b.pub"));
}

TEST(LoadedPolicy, HasTheDeployers) {
  const auto set = everything();
  const auto& check = std::get<DeployersCheck>(set.policies[0].rules[4].check);
  ASSERT_TRUE(check.kubernetes && check.ecs);
  EXPECT_THAT(check.kubernetes->service_accounts, ElementsAre("argocd/argocd-*"));
  EXPECT_THAT(check.kubernetes->users,
              ElementsAre("alice@example.com", "system:serviceaccount:flux-system:flux"));
  EXPECT_THAT(check.kubernetes->groups, ElementsAre("system:masters"));
  EXPECT_THAT(check.ecs->roles, ElementsAre("arn:aws:iam::111122223333:role/deploy/*"));
  EXPECT_THAT(check.ecs->services, ElementsAre("states.amazonaws.com"));
  EXPECT_THAT(check.ecs->users, ElementsAre("arn:aws-cn:iam::111122223333:user/ci"));
  EXPECT_EQ(check.ecs->manual, DeployersCheck::Manual::Allow);
  const auto least = with_rule("deployers: {ecs: {services: [states.amazonaws.com]}}");
  EXPECT_EQ(only_check<DeployersCheck>(least).ecs->manual, DeployersCheck::Manual::Deny);
  EXPECT_FALSE(only_check<DeployersCheck>(least).kubernetes);
}

TEST(LoadedPolicy, EndsAnExemptionAfterItsLastDay) {
  using namespace std::chrono;
  const auto set = everything();
  const auto& exemptions = set.policies[0].exemptions;
  ASSERT_EQ(exemptions.size(), 2U);
  EXPECT_THAT(exemptions[0].rules, ElementsAre("pinned", "signed-by-ci"));
  EXPECT_THAT(texts_of(exemptions[0].images), ElementsAre("registry.example.com/legacy/**"));
  EXPECT_EQ(exemptions[0].reason, "vendor fix due");
  EXPECT_EQ(exemptions[0].owner, "team-pay");
  EXPECT_EQ(exemptions[0].expires_text, "2027-01-31");
  EXPECT_EQ(exemptions[0].ends, Time(sys_days(year(2027) / 2 / 1)));
  EXPECT_EQ(exemptions[1].ends, Time(sys_days(year(2028) / 3 / 1)));
  ASSERT_EQ(exemptions[1].digests.size(), 1U);
  EXPECT_EQ(exemptions[1].digests[0].hex(), std::string(64, '0'));
}

PolicySet with_scans(const std::string& fields) {
  return loaded(
      std::string(testing::kHead) +
      "  rules:\n    - {name: scanned, attestation: {type: vuln, anyOf: [{key: {file: keys/ci.pub}}]}}\n"
      "    - {name: r, vulnerabilities: {" +
      fields + ", sources: [{attestation: scanned}]}}\n");
}
VulnerabilitiesCheck vulnerabilities_of(const PolicySet& set) {
  return std::get<VulnerabilitiesCheck>(set.policies.at(0).rules.at(1).check);
}

TEST(LoadedVulnerabilities, AreStrictWhereTheDocumentSaysNothing) {
  const auto check = vulnerabilities_of(with_scans("failAt: HIGH"));
  EXPECT_EQ(check.criteria.fail_at, Severity::High);
  EXPECT_FALSE(check.criteria.min_score || check.criteria.grace || check.criteria.max_scan_age);
  EXPECT_FALSE(check.criteria.fixable_only || check.criteria.exploitable);
  EXPECT_EQ(check.criteria.unrated, Unrated::Counts);
  EXPECT_EQ(check.criteria.suppressions, Suppressions::Ignored);
  EXPECT_EQ(check.require, VulnerabilitiesCheck::Require::All);
}

TEST(LoadedVulnerabilities, HaveTheMeaningOfEachWord) {
  using namespace std::chrono_literals;
  const auto check = vulnerabilities_of(
      with_scans("minScore: 7, unknownSeverity: allow, fixableOnly: true, exploitable: true, grace: 90m, "
                 "maxScanAge: 87600h, require: any, honorSuppressions: true"));
  EXPECT_FALSE(check.criteria.fail_at);
  EXPECT_EQ(check.criteria.min_score, 7.0);
  EXPECT_EQ(check.criteria.unrated, Unrated::Passes);
  EXPECT_TRUE(check.criteria.fixable_only && check.criteria.exploitable);
  EXPECT_EQ(check.criteria.grace, 90min);
  EXPECT_EQ(check.criteria.max_scan_age, 87600h);
  EXPECT_EQ(check.criteria.suppressions, Suppressions::Honored);
  EXPECT_EQ(check.require, VulnerabilitiesCheck::Require::Any);
  EXPECT_EQ(vulnerabilities_of(with_scans("failAt: LOW, grace: 45s")).criteria.grace, 45s);
  EXPECT_EQ(vulnerabilities_of(with_scans("failAt: LOW, grace: 2d")).criteria.grace, 48h);
}

TEST(LoadedVulnerabilities, ShareTheAuthoritiesOfTheRuleThatTheyName) {
  const auto set = with_scans("failAt: HIGH");
  const auto& rule = std::get<AttestationCheck>(set.policies.at(0).rules.at(0).check);
  const auto check = vulnerabilities_of(set);
  ASSERT_EQ(check.sources.size(), 1U);
  EXPECT_EQ(check.sources[0].rule, "scanned");
  ASSERT_EQ(rule.trust->authorities.size(), 1U);
  EXPECT_EQ(check.sources[0].by.trust->authorities[0].id, rule.trust->authorities[0].id);
  EXPECT_TRUE(rule.trust->authorities[0].attestation->reads_scan);
  EXPECT_NE(check.sources[0].by.trust->id, rule.trust->id) << "they are sufficient at different times";
  EXPECT_EQ(set.authorities.size(), 1U);
}

TEST(LoadedVulnerabilities, AskTheServicesThatAreNamed) {
  EXPECT_THAT(vulnerabilities_of(with_scans("failAt: HIGH")).services, ::testing::IsEmpty());
  const auto set = with_rule("vulnerabilities: {failAt: HIGH, sources: [ecr, ecr]}");
  const auto* check = std::get_if<VulnerabilitiesCheck>(&set.policies.at(0).rules.at(0).check);
  ASSERT_NE(check, nullptr);
  EXPECT_THAT(check->services, ::testing::ElementsAre(ScanSource::Ecr));
  EXPECT_TRUE(check->sources.empty());
}

TEST(LoadedVulnerabilities, OfTwoRulesAreReadOnce) {
  const auto set = loaded(
      std::string(testing::kHead) +
      "  rules:\n    - {name: scanned, attestation: {type: vuln, anyOf: [{key: {file: keys/ci.pub}}]}}\n"
      "    - {name: a, vulnerabilities: {failAt: HIGH, sources: [{attestation: scanned}]}}\n"
      "    - {name: b, vulnerabilities: {failAt: LOW, sources: [{attestation: scanned}]}}\n");
  EXPECT_EQ(set.authorities.size(), 1U);
}

TEST(LoadedExemption, NamesVulnerabilities) {
  const auto set = loaded(
      std::string(testing::kHead) +
      "  rules:\n    - {name: scanned, attestation: {type: vuln, anyOf: [{key: {file: keys/ci.pub}}]}}\n"
      "    - {name: a, vulnerabilities: {failAt: HIGH, sources: [{attestation: scanned}]}}\n"
      "  exemptions:\n    - {rules: [a], vulnerabilities: [CVE-2026-1], images: [\"**\"], reason: r, owner: "
      "o, "
      "expires: 2030-01-01}\n");
  EXPECT_THAT(set.policies.at(0).exemptions.at(0).vulnerabilities, ElementsAre("CVE-2026-1"));
}

}  // namespace
}  // namespace tegata::policy
